import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { calendarDay } from '../../../ui/dates.ts'
import { Section } from '../../../ui/design/section.tsx'
import { ErrorState, Skeleton } from '../../../ui/design/states.tsx'
import { language } from '../../../ui/i18n.ts'
import { useRead } from '../../../ui/query.ts'
import { sizeOf } from '../../files/web/sizes.ts'
import { get_history_size } from '../contract/index.ts'

/** How large the history of the instance is, and for how long it is kept. */
export function HistorySize() {
  const { t } = useTranslation()
  const { data, error, refetch } = useRead(get_history_size, {})
  if (!data) return error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <Skeleton className="h-64" />
  const number = new Intl.NumberFormat(language())
  return (
    <Section title={t('history.title')} note={t('history.sizeNote', { days: data.days })}>
      <dl className="divide-y divide-line rounded-lg border border-line bg-surface">
        <Fact name={t('history.size.changes')}>{number.format(data.changes)}</Fact>
        <Fact name={t('history.size.room')}>{sizeOf(data.bytes)}</Fact>
        <Fact name={t('history.size.oldest')}>{data.since === null ? t('form.nothing') : calendarDay(data.since)}</Fact>
        <Fact name={t('history.size.deletedTrips', { days: data.deleted_days })}>
          {number.format(data.deleted_trips)}
        </Fact>
      </dl>
    </Section>
  )
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="flex items-baseline justify-between gap-6 px-4 py-2.5">
    <dt>{name}</dt>
    <dd className="figures shrink-0 font-medium">{children}</dd>
  </div>
)
