import { z } from 'zod'
import { Omitted, operation } from '../../../core/declare/operation.ts'
import { inTrip, TRIPS_READ } from '../../trips/contract/index.ts'

export const export_trip_ics = operation({
  name: 'export_trip_ics',
  title: 'Export a trip as a calendar',
  description:
    'The trip as an iCalendar file: days, visits with a time, stays and bookings, each in the time zone of its place.',
  effect: 'read',
  scope: TRIPS_READ,
  route: 'GET /trips/:tripId/calendar',
  input: inTrip.extend({ cursor: z.string().max(200).optional().describe('next_cursor from the previous part.') }),
  output: z.object({
    ics: z.string(),
    filename: z.string(),
    omitted: z.array(Omitted),
    next_cursor: z
      .string()
      .nullable()
      .describe(
        'Pass as cursor for the next part; null on the last. Assistants get a long calendar in parts, each a complete file.',
      ),
    remaining: z.int().describe('Number of entries in later parts.'),
  }),
  follows: ({ tripId }, { next_cursor: cursor }) =>
    cursor === null ? null : { tool: 'export_trip_ics', input: { tripId, cursor } },
})
