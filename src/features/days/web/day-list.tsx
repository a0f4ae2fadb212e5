import { CalendarPlus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { addDays } from '../../../core/declare/dates.ts'
import { Button } from '../../../ui/design/button.tsx'
import { useAct } from '../../../ui/live/act.ts'
import { usePlanner } from '../../plan/web/planner.tsx'
import { useTrip } from '../../trips/web/trip-context.tsx'
import { create_day, Day } from '../contract/index.ts'
import { DayCard } from './day-card.tsx'

/** The days of the trip. */
export function DayList() {
  const { t } = useTranslation()
  const trip = useTrip()
  const { plan, rights } = usePlanner()
  const act = useAct()
  const addDay = () =>
    act(create_day, { tripId: trip.id, ...(trip.end_date && { date: addDays(trip.end_date, 1) }) }, [], (output) => [
      Day,
      output.day,
    ])
  return (
    <div className="flex flex-col pb-6">
      <ol className="flex flex-col">
        {plan.map((planned, index) => (
          <DayCard key={planned.day.id} planned={planned} index={index} />
        ))}
      </ol>
      {rights.days && (
        <Button
          tone="plain"
          icon={<CalendarPlus size={17} aria-hidden="true" />}
          onClick={addDay}
          className="mx-4 mt-3"
        >
          {t('days.add')}
        </Button>
      )}
    </div>
  )
}
