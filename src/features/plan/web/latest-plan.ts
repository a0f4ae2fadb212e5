import { useMemo } from 'react'
import type { PlanEntry } from './entries.ts'
import { usePlanner } from './planner.tsx'

/** The plan at the time of an action, which can be later than the one on screen. */
export function useLatestPlan() {
  const { planNow } = usePlanner()
  return useMemo(() => {
    const entriesOf = (dayId: number): readonly PlanEntry[] =>
      planNow().find(({ day }) => day.id === dayId)?.entries ?? []
    return {
      days: planNow,
      entriesOf,
    }
  }, [planNow])
}
