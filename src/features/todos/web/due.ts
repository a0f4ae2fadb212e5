import { useTranslation } from 'react-i18next'
import { daysBetween } from '../../../core/declare/dates.ts'
import { shortDate, today } from '../../../ui/dates.ts'
import type { TodoRow } from '../contract/index.ts'

/** Whether it is past its date and not done. */
export const isOverdue = ({ due_date, checked }: TodoRow): boolean =>
  !checked && due_date !== null && due_date < today()

/** A due date, relative if it is near. */
export function useDueText(): (date: string) => string {
  const { t } = useTranslation()
  return (date) => {
    const days = daysBetween(today(), date)
    if (days === 0) return t('todos.today')
    if (days === 1) return t('todos.tomorrow')
    if (days === -1) return t('todos.yesterday')
    return shortDate(date)
  }
}
