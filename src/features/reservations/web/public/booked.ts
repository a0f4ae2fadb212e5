import type { PublicTrip } from '../../../sharing/contract/index.ts'

export type ShownBooking = NonNullable<PublicTrip['bookings']>[number]
export type ShownStay = NonNullable<PublicTrip['stays']>[number]

/** The time of a local moment, `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM`. */
export const timeOf = (moment: string | null): string | null => moment?.slice(11, 16) || null
export const dateOf = (moment: string | null): string | null => moment?.slice(0, 10) || null

/** The bookings without the hotels that have a stay. */
export const bookingsOf = ({ bookings }: Pick<PublicTrip, 'bookings'>): readonly ShownBooking[] =>
  (bookings ?? []).filter(({ accommodation_id }) => accommodation_id === null)

/** KIX 09:30 – NRT 10:50, with the number of the flight or train. */
export function routeOf({ endpoints }: Pick<ShownBooking, 'endpoints'>): string | null {
  if (endpoints.length < 2) return null
  const ends = endpoints.map(({ code, name, local_time }) => [code ?? name, local_time].filter(Boolean).join(' '))
  const numbers = endpoints.flatMap(({ number }) => number ?? [])
  return [ends.join(' – '), ...numbers].join(' · ')
}
