import { z } from 'zod'
import { defaulted, entity, optional, type Row, required, stored } from '../../../core/declare/entity.ts'
import { operation, resource } from '../../../core/declare/operation.ts'
import { OrderKey } from '../../../core/declare/order-key.ts'
import { wrong } from '../../../core/declare/value-messages.ts'
import { Emoji, Id, Instant, Line, Prose } from '../../../core/declare/values.ts'
import { day_edit, inDay } from '../../days/contract/index.ts'
import { type DayEntry, neighbours } from '../../plan/contract/entry.ts'
import { Done, inTrip, TRIPS_READ } from '../../trips/contract/index.ts'

/** Something to remember between the stops of a day. */
export const DayNote = entity({
  name: 'day_note',
  table: 'day_notes',
  space: 'trip',
  spaceKey: 'trip_id',
  computed: ['order_key'],
  refs: { day_id: 'day' },
  fields: {
    id: stored(Id),
    trip_id: stored(Id),
    day_id: stored(Id),
    text: required(Prose(500).trim().min(1, { error: wrong.empty.key })).describe('Text of the note.'),
    time: optional(Line(250)).describe('Time, in words or as HH:MM.'),
    icon: defaulted(Emoji, '📝').describe('One emoji.'),
    /** Its place in the order of the day, which also contains stops and bookings. */
    order_key: stored(OrderKey),
    created_at: stored(Instant),
  },
})
export type DayNoteRow = Row<typeof DayNote>

/** A note as in answers. */
export const PlacedNote = DayNote.row.extend({
  /** How many stops of the day come before it. */
  position: z.int().min(0),
})
export type PlacedNote = z.output<typeof PlacedNote>

/** A note as an entry of its day. */
export const noteEntry = ({ id, order_key, time }: Pick<DayNoteRow, 'id' | 'order_key' | 'time'>): DayEntry => ({
  kind: 'note',
  id,
  order_key,
  time: clockOf(time),
})

/** The time of day at the start of a label, HH:MM, or null. */
export function clockOf(label: string | null | undefined): string | null {
  const [, hours, minutes] = /^([01]?\d|2[0-3])[:.]([0-5]\d)(?!\d)/.exec(label ?? '') ?? []
  return hours && minutes ? `${hours.padStart(2, '0')}:${minutes}` : null
}

const inNote = inDay.extend({ noteId: Id.describe('Note id, from notes of its day.') })

export const list_day_notes = operation({
  name: 'list_day_notes',
  title: 'List the notes of a day',
  description: 'The notes between the stops of one day, in order.',
  effect: 'read',
  scope: TRIPS_READ,
  route: 'GET /trips/:tripId/days/:dayId/notes',
  expose: ['rest'],
  input: inDay,
  output: z.object({ notes: z.array(PlacedNote) }),
  pages: 'notes',
  continuations: {
    notes: ({ tripId, dayId }) => ({ tool: 'read_trip_section', input: { tripId, dayId }, fromStart: true }),
  },
})

export const create_day_note = operation({
  name: 'create_day_note',
  title: 'Add a note to a day',
  description:
    'Add a note to a day’s plan: a reminder, a tip, how to get somewhere. It is placed by its time if that is HH:MM, else last.',
  effect: 'create',
  scope: 'trips:write',
  permission: day_edit,
  route: 'POST /trips/:tripId/days/:dayId/notes',
  input: inDay.extend({ ...DayNote.create.shape, ...neighbours }),
  output: z.object({ note: PlacedNote }),
})

export const update_day_note = operation({
  name: 'update_day_note',
  title: 'Change a note of a day',
  description:
    'Change fields of a note, or move it to another day. Omitted fields stay unchanged; null clears the time.',
  effect: 'update',
  scope: 'trips:write',
  permission: day_edit,
  route: 'PATCH /trips/:tripId/days/:dayId/notes/:noteId',
  input: inNote.extend({
    ...DayNote.patch.shape,
    newDayId: Id.optional().describe('Id of another day; placed there by its time or last.'),
  }),
  output: z.object({ note: PlacedNote }),
})

export const delete_day_note = operation({
  name: 'delete_day_note',
  title: 'Delete a note of a day',
  description: 'Delete a note from a day’s plan.',
  effect: 'destroy',
  scope: 'trips:write',
  permission: day_edit,
  route: 'DELETE /trips/:tripId/days/:dayId/notes/:noteId',
  input: inNote,
  output: Done,
})

export const move_day_note = operation({
  name: 'move_day_note',
  title: 'Move a note in the plan',
  description: 'Move a note to another position of its day, or to another day.',
  effect: 'update',
  scope: 'trips:write',
  permission: day_edit,
  route: 'PUT /trips/:tripId/day-notes/:noteId/position',
  expose: ['rest'],
  input: inTrip.extend({
    noteId: inNote.shape.noteId,
    dayId: Id.describe('Id of the target day, from list_days.'),
    position: z.int().min(0).describe('The order_index of the stop to put it before; beyond the last stop is the end.'),
    beforeBookings: z
      .boolean()
      .default(false)
      .describe('Whether to put it before the bookings at that position. Default: false.'),
    sortOrder: z
      .int()
      .min(0)
      .optional()
      .describe('Its index among the notes of the day; after the notes at that position when omitted.'),
  }),
  output: z.object({ note: PlacedNote }),
})

export const day_notes_resource = resource({
  uri: 'trek://trips/{tripId}/days/{dayId}/notes',
  title: 'Notes of a day',
  description: 'The notes between the stops of one day.',
  read: list_day_notes,
})
