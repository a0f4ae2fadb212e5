import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { dayOfMonth, month, weekday } from '../../../ui/dates.ts'
import type { DayRow } from '../../plan/web/plan.ts'

/** The name of a day in a sentence: "Mon 5 Apr", or "Day 3" without a date. */
export function useDayName() {
  const { t } = useTranslation()
  return useCallback(
    ({ date, day_number }: Pick<DayRow, 'date' | 'day_number'>) =>
      date ? `${weekday(date)} ${dayOfMonth(date)} ${month(date)}` : t('plan.dayNumber', { number: day_number }),
    [t],
  )
}
