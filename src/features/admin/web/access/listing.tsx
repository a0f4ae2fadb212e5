import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../../ui/design/button.tsx'
import { Section } from '../../../../ui/design/section.tsx'
import { EmptyState, ErrorState, Skeleton } from '../../../../ui/design/states.tsx'
import type { Paged } from './use-pages.ts'

interface Props<Row extends { id: number | string }> {
  title: string
  note: string
  list: Paged<Row>
  row(row: Row): ReactNode
  /** Whether there is a search: then no result does not mean an empty list. */
  searching: boolean
  empty: { title: string; body: string }
}

/** One list of credentials or programs, a page at a time. */
export function AccessList<Row extends { id: number | string }>(props: Props<Row>) {
  const { title, note, list, row, searching, empty } = props
  const { t } = useTranslation()
  const { rows, remaining } = list
  const count = rows.length + remaining
  return (
    <Section
      title={title}
      note={note}
      action={count > 0 && <p className="figures text-ink-faint text-sm">{t('admin.inAll', { count })}</p>}
    >
      {list.isPending && <Skeleton className="h-28" />}
      {list.error && <ErrorState error={list.error} onRetry={list.retry} />}
      {!list.isPending && !list.error && rows.length === 0 && (
        <div className="rounded-lg border border-line border-dashed">
          {searching ? (
            <EmptyState compact title={t('admin.nothingFound')}>
              {t('admin.nothingFoundBody')}
            </EmptyState>
          ) : (
            <EmptyState compact title={empty.title}>
              {empty.body}
            </EmptyState>
          )}
        </div>
      )}
      {rows.length > 0 && (
        <ul
          aria-busy={list.isStale}
          className="flex flex-col gap-3 aria-busy:opacity-60 md:gap-0 md:divide-y md:divide-line md:rounded-lg md:border md:border-line md:bg-surface"
        >
          {rows.map((one) => (
            <li
              key={one.id}
              className="rounded-lg border border-line bg-surface p-4 md:rounded-none md:border-x-0 md:border-t-0 md:bg-transparent md:last:border-b-0"
            >
              {row(one)}
            </li>
          ))}
        </ul>
      )}
      {remaining > 0 && (
        <Button className="self-center" busy={list.isFetchingMore} onClick={list.more}>
          {t('admin.showMore', { count: remaining })}
        </Button>
      )}
    </Section>
  )
}
