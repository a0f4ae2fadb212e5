import { findAirport } from '../../../adapters/airports.ts'
import { zoneAt } from '../../../adapters/zones.ts'
import { invalidField } from '../../../core/declare/errors.ts'
import { wrong } from '../../../core/declare/value-messages.ts'
import type { Endpoint, EndpointInput } from '../contract/endpoint.ts'
import { messages } from '../contract/messages.ts'

/**
 * The endpoints of a transport in order, numbered 0, 1, 2 …: the first is its start and the last its end, unless their
 * roles differ. Each has the coordinates and the time zone that were given, or those of the airport with its code, or
 * the zone at its coordinates. An endpoint with only a name has neither.
 */
export function completed(inputs: readonly EndpointInput[]): Endpoint[] {
  for (const role of ['from', 'to'] as const) {
    if (inputs.filter((one) => one.role === role).length > 1) {
      throw invalidField('endpoints', messages.roleTwice({ role }))
    }
  }
  return inputs
    .map((one, index) => ({ ...located(one, `endpoints.${index}`), role: one.role, at: one.sequence ?? index }))
    .toSorted((a, b) => rankOf(a) - rankOf(b) || a.at - b.at)
    .map(({ at: _, ...one }, sequence, all) => ({ ...one, role: one.role ?? roleAt(sequence, all.length), sequence }))
}

const rankOf = ({ role }: Pick<EndpointInput, 'role'>): number => (role === 'from' ? 0 : role === 'to' ? 2 : 1)

const roleAt = (index: number, count: number): Endpoint['role'] =>
  index === 0 ? 'from' : index === count - 1 ? 'to' : 'stop'

function located(one: EndpointInput, path: string): Omit<Endpoint, 'role' | 'sequence'> {
  const { lat, lng } = one
  const code = one.code?.toUpperCase() ?? null
  const airport = code === null ? null : findAirport(code)
  const name = one.name ?? airport?.name
  if (!name) {
    throw invalidField(
      `${path}.name`,
      code === null ? messages.nameWithoutCode() : messages.nameWithUnknownCode({ code }),
    )
  }
  const rest = {
    name,
    code,
    local_date: one.local_date ?? null,
    local_time: one.local_time ?? null,
    arrival_date: one.arrival_date ?? null,
    arrival_time: one.arrival_time ?? null,
    number: one.number ?? null,
    platform: one.platform ?? null,
    seat: one.seat ?? null,
  }
  if (lat != null && lng != null) {
    return { ...rest, lat, lng, timezone: one.timezone ?? zoneAt(lat, lng) }
  }
  if (lat != null || lng != null) {
    throw invalidField(`${path}.${lat == null ? 'lat' : 'lng'}`, wrong.otherCoordinate())
  }
  return {
    ...rest,
    lat: airport?.lat ?? null,
    lng: airport?.lng ?? null,
    timezone: one.timezone ?? airport?.timezone ?? null,
  }
}
