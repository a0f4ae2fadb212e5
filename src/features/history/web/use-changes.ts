import { useInfiniteQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { Output } from '../../../core/declare/operation.ts'
import { call } from '../../../ui/call.ts'
import { useLastChange } from '../../../ui/live/hooks.tsx'
import { forget } from '../../../ui/query.ts'
import { useTrip } from '../../trips/web/trip-context.tsx'
import { list_changes } from '../contract/index.ts'

export type ChangeLine = Output<typeof list_changes>['changes'][number]
export type RowLine = ChangeLine['rows'][number]

/** Which changes to show: of one row, of one person, or all. */
export interface Shown {
  readonly entity?: string
  readonly rowId?: number
  readonly userId?: number
}

const PER_PAGE = 50

/** The changes of this trip, newest first, kept up to date. */
export function useChanges(shown: Shown) {
  const { id: tripId } = useTrip()
  const last = useLastChange()
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new change must trigger a new request
  useEffect(() => void forget(list_changes), [last])
  return useInfiniteQuery({
    queryKey: [list_changes.name, tripId, shown],
    queryFn: ({ pageParam }) =>
      call(list_changes, { tripId, ...shown, limit: PER_PAGE, ...(pageParam !== null && { before: pageParam }) }),
    initialPageParam: null as number | null,
    getNextPageParam: ({ next_before }) => next_before,
  })
}
