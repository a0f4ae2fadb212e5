import { z } from 'zod'
import { CalendarDate, ClockTime, Latitude, Line, Longitude } from '../../../core/declare/values.ts'
import { messages } from './messages.ts'

const zones = new Set(Intl.supportedValuesOf('timeZone'))

/** Whether this is a valid time zone; `supportedValuesOf` leaves out some valid names. */
function isZone(name: string): boolean {
  if (zones.has(name)) return true
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

const Zone = Line(60).refine(isZone, { error: messages.timeZone.key })

/** Where a transport starts, stops or ends. `local_*` is the departure; at the last endpoint, the arrival. */
export const Endpoint = z.object({
  role: z.enum(['from', 'to', 'stop']),
  sequence: z.int().min(0),
  name: Line(200),
  code: Line(10).nullable(),
  /** Null if only its name is known; it is then on no map. */
  lat: Latitude.nullable(),
  lng: Longitude.nullable(),
  timezone: Zone.nullable(),
  local_date: CalendarDate.nullable(),
  local_time: ClockTime.nullable(),
  /** At a stop: the arrival. */
  arrival_date: CalendarDate.nullable(),
  arrival_time: ClockTime.nullable(),
  /** Number, platform and seat of the departure. */
  number: Line(30).nullable(),
  platform: Line(30).nullable(),
  seat: Line(30).nullable(),
})
export type Endpoint = z.output<typeof Endpoint>

/** An endpoint as given in a request. */
export const EndpointInput = z
  .object({
    role: Endpoint.shape.role.optional().describe('Set by the order when omitted.'),
    sequence: Endpoint.shape.sequence.optional(),
    name: Line(200).nullish().describe('Sufficient alone; optional with an IATA code.'),
    code: Line(10).nullish().describe('IATA code.'),
    lat: Latitude.nullish().describe('Only if known.'),
    lng: Longitude.nullish(),
    timezone: Zone.nullish(),
    local_date: CalendarDate.nullish().describe('Departure date; at the end, arrival date.'),
    local_time: ClockTime.nullish(),
    arrival_date: CalendarDate.nullish().describe('Arrival date at a stop.'),
    arrival_time: ClockTime.nullish(),
    number: Line(30).nullish().describe('Flight or train number from here.'),
    platform: Line(30).nullish(),
    seat: Line(30).nullish(),
  })
  .strict()
export type EndpointInput = z.output<typeof EndpointInput>

/** The times of an endpoint. */
export type LegEnd = Pick<Endpoint, 'role' | 'local_date' | 'local_time' | 'arrival_date' | 'arrival_time'>

/** One leg of a transport: from one endpoint to the next. */
export interface Leg<E extends LegEnd = Endpoint> {
  readonly from: E
  readonly to: E
  readonly departure: { date: string | null; time: string | null }
  readonly arrival: { date: string | null; time: string | null }
}

/** The legs of a transport: one fewer than its endpoints. */
export const legsOf = <E extends LegEnd>(endpoints: readonly E[]): Leg<E>[] =>
  endpoints.slice(1).flatMap((to, index) => {
    const from = endpoints[index]
    if (!from) return []
    const isLast = index === endpoints.length - 2
    return {
      from,
      to,
      departure: { date: from.local_date, time: from.local_time },
      arrival:
        isLast && to.role === 'to'
          ? { date: to.local_date, time: to.local_time }
          : {
              date: to.arrival_date ?? to.local_date,
              time: to.arrival_time ?? (to.arrival_date ? null : to.local_time),
            },
    }
  })
