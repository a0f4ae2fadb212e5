import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { shortDate, shortDay } from '../../../ui/dates.ts'
import { useRows } from '../../../ui/live/hooks.tsx'
import type { DayRow } from '../../plan/web/plan.ts'
import { Day } from '../contract/index.ts'

/** The name of a day of the trip: "Mon 5 Apr", or "Day 3" without a date. */
export function useDayName() {
  const { t } = useTranslation()
  return useCallback(
    ({ date, day_number }: Pick<DayRow, 'date' | 'day_number'>) =>
      date ? shortDay(date) : t('plan.dayNumber', { number: day_number }),
    [t],
  )
}

/** The name of a date inside of the trip, which is that of its day; any other date has its year, unless it is this one. */
export function useDateName(): (date: string) => string {
  const days = useRows(Day)
  return (date) => (days.some((day) => day.date === date) ? shortDay(date) : shortDate(date))
}
