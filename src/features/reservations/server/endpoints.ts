import { findAirport } from '../../../adapters/airports.ts'
import { zoneAt } from '../../../adapters/zones.ts'
import { invalidField } from '../../../core/declare/errors.ts'
import type { Endpoint, EndpointInput } from '../contract/endpoint.ts'

const ROLES = ['from', 'stop', 'to'] as const

/**
 * The ends of a transport in order, numbered 0, 1, 2 …, each with coordinates and a time zone: as given, or those of the airport
 * with its code, or the zone at its coordinates.
 */
export function completed(given: readonly EndpointInput[]): Endpoint[] {
  for (const role of ['from', 'to'] as const) {
    if (given.filter((one) => one.role === role).length > 1) {
      throw invalidField('endpoints', `has more than one "${role}"`, 'Between them one stops: role "stop".')
    }
  }
  return given
    .map((one, index) => ({ ...located(one, `endpoints.${index}`), sequence: one.sequence }))
    .toSorted((a, b) => ROLES.indexOf(a.role) - ROLES.indexOf(b.role) || a.sequence - b.sequence)
    .map((one, sequence) => ({ ...one, sequence }))
}

function located(one: EndpointInput, path: string): Endpoint {
  const { role, sequence, lat, lng } = one
  const code = one.code?.toUpperCase() ?? null
  const airport = code === null ? null : findAirport(code)
  const name = one.name ?? airport?.name
  if (!name) throw invalidField(`${path}.name`, 'is needed where there is no code of an airport')
  const rest = {
    role,
    sequence,
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
    throw invalidField(`${path}.${lat == null ? 'lat' : 'lng'}`, 'is needed too: a position has both lat and lng')
  }
  if (!airport) {
    throw invalidField(
      `${path}.lat`,
      code
        ? `${name} has no coordinates (lat and lng), and ${code} is not the IATA code of an airport`
        : `${name} has no coordinates (lat and lng)`,
      'Give lat and lng, which search_place finds, or the IATA code of an airport, which search_airports finds.',
    )
  }
  return { ...rest, lat: airport.lat, lng: airport.lng, timezone: one.timezone ?? airport.timezone }
}
