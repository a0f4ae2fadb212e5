import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import type { AnyOperation, Output } from '../../../../core/declare/operation.ts'
import { call, type InputOf } from '../../../../ui/call.ts'

const PER_PAGE = 25

/** The filter that all lists share. */
export interface Sought {
  search?: string
}

/** The rows of a list loaded so far. */
export interface Paged<Row> {
  readonly rows: readonly Row[]
  /** How many rows are not loaded yet. */
  readonly remaining: number
  readonly isPending: boolean
  /** Whether another search is running while the rows of the previous one are shown. */
  readonly isStale: boolean
  readonly isFetchingMore: boolean
  readonly error: Error | null
  retry(): void
  more(): void
}

interface Page {
  readonly next_cursor: string | null
  readonly remaining: number
}

/** A list, a page at a time; `pick` takes the rows out of an answer. */
export function usePages<Op extends AnyOperation, Row>(
  operation: Op,
  input: InputOf<Op>,
  pick: (answer: Output<Op>) => readonly Row[],
): Paged<Row> {
  const { data, error, isPending, isPlaceholderData, isFetchingNextPage, refetch, fetchNextPage } = useInfiniteQuery({
    queryKey: [operation.name, 'pages', input],
    queryFn: ({ pageParam }) =>
      call(operation, { ...input, limit: PER_PAGE, ...(pageParam && { cursor: pageParam }) }) as Promise<
        Output<Op> & Page
      >,
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor }) => next_cursor,
    placeholderData: keepPreviousData,
  })
  return {
    rows: data?.pages.flatMap((page) => pick(page)) ?? [],
    remaining: data?.pages.at(-1)?.remaining ?? 0,
    isPending,
    isStale: isPlaceholderData,
    isFetchingMore: isFetchingNextPage,
    error,
    retry: () => void refetch(),
    more: () => void fetchNextPage(),
  }
}
