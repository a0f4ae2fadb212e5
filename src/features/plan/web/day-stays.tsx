import { StayBadge } from '../../accommodations/web/stay-badge.tsx'
import type { DayTimeline } from './planner.tsx'

/** The stays of a day: check-out, stay, check-in. */
export function DayStays({ planned: { day, stays } }: { planned: DayTimeline }) {
  if (!stays.length) return null
  return (
    <div className="mt-0.5 flex min-w-0 flex-wrap gap-1">
      {stays.map((stay) => (
        <StayBadge key={stay.id} stay={stay} dayId={day.id} />
      ))}
    </div>
  )
}
