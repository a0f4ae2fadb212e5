import { z } from 'zod'
import { Omitted, operation, prompt, resource } from '../../../core/declare/operation.ts'
import { Currency, Id } from '../../../core/declare/values.ts'
import { Stay } from '../../accommodations/contract/index.ts'
import { Stop } from '../../assignments/contract/index.ts'
import { BudgetSection } from '../../budget/contract/index.ts'
import { NoteView } from '../../collab/contract/index.ts'
import { PlacedNote } from '../../day-notes/contract/index.ts'
import { Day } from '../../days/contract/index.ts'
import { FileView } from '../../files/contract/index.ts'
import { PackingItem } from '../../packing/contract/index.ts'
import { TaggedPlace } from '../../places/contract/index.ts'
import { EntryRef } from '../../plan/contract/entry.ts'
import { PlacedBooking } from '../../reservations/contract/index.ts'
import { Todo } from '../../todos/contract/index.ts'
import { inTrip, Member, TRIPS_READ, TripCard } from '../../trips/contract/index.ts'
import { inSection, SECTIONS } from '../../trips/contract/sections.ts'

/** A day with its stops and its notes, in order. */
export const DayPlan = Day.row.extend({ assignments: z.array(Stop), notes: z.array(PlacedNote) })
export type DayPlan = z.output<typeof DayPlan>

/** The fields of a stop in a brief summary. */
const BriefStop = Stop.pick({ id: true, place_id: true, order_index: true, place_time: true, end_time: true }).extend({
  place: Stop.shape.place.pick({ name: true, place_time: true }),
})

/** A day in the summary; if there is no room for all of its stops, they are brief. */
export const SummaryDay = DayPlan.extend({ assignments: z.array(z.union([Stop, BriefStop])) })
export type SummaryDay = z.output<typeof SummaryDay>

const omitted = z
  .array(Omitted)
  .describe('What may exist but is not in this answer, and why. A section that is present and empty is really empty.')

export const get_trip_summary = operation({
  name: 'get_trip_summary',
  title: 'Get a whole trip',
  description:
    'Everything about one trip in one answer: members, days with stops and notes, places not on any day, stays, bookings, files, costs, lists, notes. Load it once, then work with its ids.',
  effect: 'read',
  scope: null,
  route: 'GET /trips/:tripId/summary',
  input: inTrip,
  output: z.object({
    trip: z.union([TripCard, TripCard.pick({ id: true, title: true })]),
    members: z.object({ owner: Member, collaborators: z.array(Member) }).optional(),
    days: z.array(SummaryDay).optional(),
    unassigned_places: z.array(TaggedPlace).optional(),
    accommodations: z.array(Stay).optional(),
    reservations: z.array(PlacedBooking).optional(),
    files: z.array(FileView).optional(),
    packing: z.object({ items: z.array(PackingItem.row), total: z.int(), checked: z.int() }).optional(),
    budget: BudgetSection.optional(),
    todos: z.array(Todo.row).optional(),
    collab_notes: z.array(NoteView).optional(),
    pollCount: z.int().optional(),
    messageCount: z.int().optional(),
    omitted,
  }),
})

export const read_trip_section = operation({
  name: 'read_trip_section',
  title: 'Read one section of a trip',
  description:
    'One section of a trip in full, page by page: for what get_trip_summary had no room for, or to reread one part.',
  effect: 'read',
  scope: null,
  route: 'GET /trips/:tripId/section',
  input: inTrip.extend({
    section: z.enum(SECTIONS).default('days').describe('Section to read.'),
    dayId: Id.optional().describe(
      'With days, only this day: its stops, notes and bookings in order, each as an entry.',
    ),
  }),
  output: z.object({
    section: z.enum(SECTIONS),
    day: Day.row.optional(),
    items: z.array(z.looseObject({ entry: EntryRef.optional() })).describe('Rows as in get_trip_summary.'),
    currency: Currency.optional().describe('Currency of amounts that have none of their own.'),
    omitted,
  }),
  pages: 'items',
})

export const list_days = operation({
  name: 'list_days',
  title: 'List the days of a trip',
  description: 'The days of a trip with their stops in order.',
  effect: 'read',
  scope: TRIPS_READ,
  route: 'GET /trips/:tripId/days',
  expose: ['rest'],
  input: inTrip,
  output: z.object({ days: z.array(DayPlan), omitted }),
  pages: 'days',
  continuations: { days: inSection('days') },
})

export const days_resource = resource({
  uri: 'trek://trips/{tripId}/days',
  title: 'Days',
  description: 'The days of a trip with their assigned places.',
  read: list_days,
})

export const trip_summary = prompt({
  name: 'trip-summary',
  title: 'Trip summary',
  description: 'A short written overview of a trip, day by day.',
  arguments: z.object({ tripId: Id.describe('Id of the trip.') }),
  reads: [list_days],
})
