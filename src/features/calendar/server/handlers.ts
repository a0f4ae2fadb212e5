import { zoneAt } from '../../../adapters/zones.ts'
import { implement, prepared } from '../../../core/run/feature.ts'
import { staysOf } from '../../accommodations/server/index.ts'
import { listPlaces } from '../../places/server/index.ts'
import { list_reservations } from '../../reservations/contract/index.ts'
import { bookingsOf } from '../../reservations/server/index.ts'
import { daysWithPlans } from '../../summary/server/index.ts'
import { getTrip } from '../../trips/server/index.ts'
import * as contract from '../contract/index.ts'
import { entriesOf } from './entries.ts'

export const handlers = implement(contract, {
  export_trip_ics: prepared(contract.export_trip_ics, {
    // Read when it is first needed: few people ever export a calendar.
    prepare: () => import('./ics.ts'),
    handle: async ({ tx, input: { tripId }, emit, barred, now, prepared: { icsOf } }) => {
      const trip = await getTrip(tx, tripId)
      const withoutBookings = barred(list_reservations)
      const entries = entriesOf({
        trip,
        days: await daysWithPlans({ tx, emit }, tripId),
        stays: await staysOf(tx, tripId),
        bookings: withoutBookings ? [] : await bookingsOf(tx, tripId),
        places: new Map((await listPlaces(tx, tripId)).map((place) => [place.id, place])),
        zoneAt,
      })
      return {
        ics: icsOf(trip.title, entries, now),
        filename: `${fileName(trip.title) || 'trip'}.ics`,
        omitted: withoutBookings ? [{ section: 'bookings', reason: withoutBookings }] : [],
      }
    },
  }),
})

/** The title as a name that every file system takes. */
const fileName = (title: string): string =>
  title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')
    .toLowerCase()
    .slice(0, 80)
