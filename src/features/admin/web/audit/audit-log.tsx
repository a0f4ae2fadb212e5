import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '../../../../ui/call.ts'
import { Button } from '../../../../ui/design/button.tsx'
import { EmptyState, ErrorState, Skeleton } from '../../../../ui/design/states.tsx'
import { list_audit } from '../../contract/index.ts'
import { AuditEntries } from './audit-entries.tsx'
import { AuditExport } from './audit-export.tsx'
import { AuditFilters } from './audit-filters.tsx'
import { EVERYTHING, type Filter, isNarrowed, narrowed } from './filter.ts'

const PER_PAGE = 50
/** While the latest entries are on screen, new ones appear by themselves. */
const LOOK_AGAIN_MS = 5000

/** Who did what, the latest first. */
export function AuditLog() {
  const { t } = useTranslation()
  const [filter, setFilter] = useState<Filter>(EVERYTHING)
  const audit = useAudit(filter)
  const entries = audit.data?.pages.flatMap((page) => page.entries) ?? []
  return (
    <div className="flex flex-col gap-5">
      <p className="max-w-prose text-ink-soft">{t('admin.auditNote')}</p>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <AuditFilters filter={filter} onChange={setFilter} />
        <AuditExport filter={filter} disabled={!entries.length} />
      </div>
      {audit.isPending && <Skeleton className="h-96" />}
      {audit.isError && <ErrorState error={audit.error} onRetry={() => void audit.refetch()} />}
      {audit.isSuccess && !entries.length && (
        <EmptyState
          compact
          title={t(isNarrowed(filter) ? 'admin.nothingFound' : 'admin.auditEmpty')}
          action={
            isNarrowed(filter) && <Button onClick={() => setFilter(EVERYTHING)}>{t('admin.showEverything')}</Button>
          }
        >
          {t(isNarrowed(filter) ? 'admin.auditNothingFound' : 'admin.auditEmptyBody')}
        </EmptyState>
      )}
      <AuditEntries entries={entries} onProgram={(client) => setFilter(narrowed(filter, { client }))} />
      {audit.hasNextPage && (
        <Button className="self-center" busy={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>
          {t('admin.showOlder')}
        </Button>
      )}
    </div>
  )
}

const useAudit = (filter: Filter) =>
  useInfiniteQuery({
    queryKey: [list_audit.name, filter],
    queryFn: ({ pageParam }) =>
      call(list_audit, { ...filter, limit: PER_PAGE, ...(pageParam !== null && { before: pageParam }) }),
    initialPageParam: null as number | null,
    refetchInterval: ({ state }) => (state.data?.pages.length === 1 ? LOOK_AGAIN_MS : false),
    getNextPageParam: ({ entries }) => (entries.length < PER_PAGE ? null : (entries.at(-1)?.id ?? null)),
  })
