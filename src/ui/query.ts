import { QueryClient, type UseQueryOptions, type UseQueryResult, useQuery } from '@tanstack/react-query'
import type { AnyOperation, Output } from '../core/declare/operation.ts'
import { readAll } from '../core/declare/pages.ts'
import { type Asked, CallError, call } from './call.ts'

/** Refusals do not change by asking again; a lost connection may. */
const worthRetrying = (failures: number, error: Error): boolean =>
  failures < 2 && error instanceof CallError && (error.code === 'unreachable' || error.code === 'unavailable')

export const queries = new QueryClient({
  defaultOptions: {
    queries: { retry: worthRetrying, staleTime: 15_000, refetchOnWindowFocus: true },
    mutations: { retry: false },
  },
})

/** All there is, page after page. */
const read = <Op extends AnyOperation>(operation: Op, input: Asked<Op>): Promise<Output<Op>> =>
  readAll((asked, page) => call(asked, page as Asked<Op>), operation, input as Record<string, unknown>)

type Options = Pick<
  UseQueryOptions,
  'enabled' | 'networkMode' | 'refetchInterval' | 'refetchIntervalInBackground' | 'refetchOnWindowFocus'
>

/** The answer of a read operation, kept until something says that it has changed. */
export function useRead<Op extends AnyOperation>(
  operation: Op,
  input: Asked<Op>,
  options: Options = {},
): UseQueryResult<Output<Op>, Error> {
  return useQuery({
    queryKey: [operation.name, input],
    queryFn: () => read(operation, input),
    ...options,
  }) as UseQueryResult<Output<Op>, Error>
}

/** The same read as a value, for `useQueries`: what `select` makes of its answer. */
export const reading = <Op extends AnyOperation, T>(
  operation: Op,
  input: Asked<Op>,
  select: (answer: Output<Op>) => T,
): UseQueryOptions<unknown, Error, T> => ({
  queryKey: [operation.name, input],
  queryFn: () => read(operation, input),
  select: (answer) => select(answer as Output<Op>),
})

/** Says that the answers of these operations are out of date. */
export async function forget(...operations: AnyOperation[]): Promise<void> {
  await Promise.all(operations.map((operation) => queries.invalidateQueries({ queryKey: [operation.name] })))
}
