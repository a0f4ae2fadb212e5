import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Output } from '../../../core/declare/operation.ts'
import { list_trips } from '../../../features/trips/contract/index.ts'
import { call } from '../../../ui/call.ts'
import { moment } from '../../../ui/dates.ts'
import { Button } from '../../../ui/design/button.tsx'
import { EmptyState, ErrorState, Skeleton } from '../../../ui/design/states.tsx'
import { titleOf } from '../../../ui/message.ts'
import { useRead } from '../../../ui/query.ts'
import { list_grant_changes } from '../../contract/oauth.ts'

type Entry = Output<typeof list_grant_changes>['changes'][number]

const PAGE = 50

/** The changes made by a program, newest first. */
export function GrantChanges({ grantId }: { grantId: number }) {
  const { t } = useTranslation()
  const { data, error, isPending, isError, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useInfiniteQuery(
    {
      queryKey: [list_grant_changes.name, grantId],
      queryFn: ({ pageParam }) =>
        call(list_grant_changes, { grantId, limit: PAGE, ...(pageParam && { cursor: pageParam }) }),
      initialPageParam: null as string | null,
      getNextPageParam: (last) => last.next_cursor,
      staleTime: 0,
    },
  )
  const trips = useRead(list_trips, { include_archived: true })
  const titles = new Map(trips.data?.trips.map(({ id, title }) => [id, title]))

  if (isPending) return <Skeleton className="h-48" />
  if (isError) return <ErrorState error={error} onRetry={() => void refetch()} />
  const changes = data.pages.flatMap((page) => page.changes)
  if (!changes.length) return <EmptyState compact title={t('settings.nothingChanged')} />
  return (
    <>
      <ol className="divide-y divide-line rounded-md border border-line bg-surface">
        {changes.map((change) => (
          <li key={`${change.at} ${change.operation} ${change.trip_id}`} className="px-4 py-3">
            <p className="font-medium">{titleOf('operations', change.operation, change.title)}</p>
            <p className="figures wrap-anywhere text-ink-soft text-sm">
              <time dateTime={change.at}>{moment(change.at)}</time>
              {' · '}
              <Where change={change} title={change.trip_id === null ? undefined : titles.get(change.trip_id)} />
              {change.rows > 1 && ` · ${t('settings.changes', { count: change.rows })}`}
            </p>
          </li>
        ))}
      </ol>
      {hasNextPage && (
        <Button className="mt-4 w-full" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('settings.earlier')}
        </Button>
      )}
    </>
  )
}

function Where({ change, title }: { change: Entry; title: string | undefined }) {
  const { t } = useTranslation()
  if (change.trip_id === null) return t('settings.ownThings')
  if (title === undefined) return t('settings.someTrip')
  return (
    <Link
      to="/trips/$tripId"
      params={{ tripId: String(change.trip_id) }}
      className="text-pine-ink underline underline-offset-2"
    >
      {title}
    </Link>
  )
}
