import { useCallback } from 'react'
import { useAct } from '../../../web/live/act.ts'
import { usePlanner } from '../../../web/planner/planner.tsx'
import { saveAs } from '../../../web/save-as.ts'
import { export_trip_ics } from '../contract.ts'

/** Saves the trip as a file that every calendar reads. */
export function useCalendarExport(): () => Promise<void> {
  const { trip } = usePlanner()
  const act = useAct()
  return useCallback(async () => {
    const answer = await act(export_trip_ics, { tripId: trip.id })
    if (answer) saveAs(answer.filename, answer.ics, 'text/calendar')
  }, [act, trip.id])
}
