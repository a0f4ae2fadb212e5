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
  input: inTrip,
  output: z.object({ ics: z.string(), filename: z.string(), omitted: z.array(Omitted) }),
})
