import { zoneAt } from '../../../adapters/zones.ts'
import { callOf } from '../../../core/run/continuations.ts'
import { implement, prepared } from '../../../core/run/feature.ts'
import { PAGE_BYTES, pageOf } from '../../../core/run/paging.ts'
import { staysOf } from '../../accommodations/server/index.ts'
import { placesById } from '../../places/server/index.ts'
import { list_reservations } from '../../reservations/contract/index.ts'
import { bookingsOf } from '../../reservations/server/index.ts'
import { daysWithPlans } from '../../summary/server/index.ts'
import { getTrip } from '../../trips/server/index.ts'
import * as contract from '../contract/index.ts'
import { messages } from '../contract/messages.ts'
import { entriesOf } from './entries.ts'
import type { CalendarEvent } from './ics.ts'

export const handlers = implement(contract, {
  export_trip_ics: prepared(contract.export_trip_ics, {
    // Loaded on first use: few people ever export a calendar.
    prepare: () => import('./ics.ts'),
    handle: async ({ tx, input: { tripId, cursor }, caller, emit, barred, now, prepared: { icsOf } }) => {
      const trip = await getTrip(tx, tripId)
      const withoutBookings = barred(list_reservations)
      const bookings = withoutBookings ? [] : await bookingsOf(tx, tripId)
      const entries = entriesOf({
        trip,
        days: await daysWithPlans({ tx, emit }, tripId),
        stays: await staysOf(tx, tripId),
        bookings,
        places: await placesById(tx, tripId, new Set(bookings.flatMap(({ place_id }) => place_id ?? []))),
        zoneAt,
      })
      const asIcs = (some: readonly CalendarEvent[]) => icsOf(trip.title, some, now)
      const bounded = caller.way === 'mcp'
      const ics = bounded && entries.length > MOST_ENTRIES ? null : asIcs(entries)
      const { isCut, ...part } =
        ics === null || (bounded && tooLong(ics))
          ? partOf(entries, cursor, asIcs)
          : { ics, next_cursor: null, remaining: 0, isCut: false }
      return {
        ...part,
        filename: `${fileName(trip.title) || 'trip'}.ics`,
        omitted: [
          ...(withoutBookings ? [{ section: 'bookings', reason: withoutBookings.text }] : []),
          ...(isCut
            ? [{ section: 'notes', reason: messages.notesCut({ call: callOf('read_trip_section', { tripId }) }).text }]
            : []),
        ],
      }
    },
  }),
})

const bytesOf = (text: string): number => Buffer.byteLength(JSON.stringify(text))
const tooLong = (ics: string): boolean => bytesOf(ics) > PAGE_BYTES

/** More entries never fit into an answer, however short each is. */
const MOST_ENTRIES = PAGE_BYTES / 100

/** The limits for an entry that is too long for an answer: lines, and characters of each. */
const MOST_LINES = 20
const LONGEST_LINE = 300

const shorter = (entry: CalendarEvent): CalendarEvent => ({
  ...entry,
  notes: [...entry.notes.slice(0, MOST_LINES).map((line) => line.slice(0, LONGEST_LINE).toWellFormed()), '…'],
})

/** As many entries from the cursor on as fit into one answer, as a separate calendar. */
function partOf(
  entries: readonly CalendarEvent[],
  cursor: string | undefined,
  asIcs: (some: readonly CalendarEvent[]) => string,
) {
  let limit = entries.length
  for (;;) {
    const { items, ...rest } = pageOf(entries, { limit, ...(cursor !== undefined && { cursor }) })
    const ics = asIcs(items)
    if (!tooLong(ics)) return { ics, ...rest, isCut: false }
    if (items.length <= 1) return { ics: asIcs(items.map(shorter)), ...rest, isCut: true }
    limit = Math.max(1, Math.floor((0.9 * items.length * PAGE_BYTES) / bytesOf(ics)))
  }
}

/** The title as a file name that every file system accepts. */
const fileName = (title: string): string =>
  title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')
    .toLowerCase()
    .slice(0, 80)
