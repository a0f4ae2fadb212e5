import { useMemo } from 'react'
import { type EntryRef, refOf } from '../contract/entry.ts'
import type { Spot } from '../contract/timeline.ts'
import type { PlanEntry } from './entries.ts'
import { usePlanner } from './planner.tsx'

/** The plan at the time of an action, which can be later than the one on screen: an undo is. */
export function useLatestPlan() {
  const { planNow } = usePlanner()
  return useMemo(() => {
    const entriesOf = (dayId: number): readonly PlanEntry[] =>
      planNow().find(({ day }) => day.id === dayId)?.entries ?? []
    return {
      days: planNow,
      entriesOf,
      stopOf: (stopId: number) =>
        planNow()
          .flatMap(({ stops }) => stops)
          .find(({ stop }) => stop.id === stopId)?.stop ?? null,
      /** A spot without neighbours that are gone by now. */
      spotNow(dayId: number, { before, after }: Spot): Spot {
        const isThere = (ref: EntryRef | undefined) => entriesOf(dayId).some((entry) => refOf(entry) === ref)
        return { ...(isThere(before) && { before }), ...(isThere(after) && { after }) }
      },
    }
  }, [planNow])
}
