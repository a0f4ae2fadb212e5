import { useCallback } from 'react'
import { useAct } from '../../../ui/live/act.ts'
import { saveAs } from '../../../ui/save-as.ts'
import { useTrip } from '../../trips/web/trip-context.tsx'
import { export_trip_ics } from '../contract/index.ts'

/** Saves the trip as a calendar file. */
export function useCalendarExport(): () => Promise<void> {
  const trip = useTrip()
  const act = useAct()
  return useCallback(async () => {
    const answer = await act(export_trip_ics, { tripId: trip.id })
    if (answer) saveAs(answer.filename, answer.ics, 'text/calendar')
  }, [act, trip.id])
}
