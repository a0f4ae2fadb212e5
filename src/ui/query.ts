import { QueryClient, type UseQueryOptions, type UseQueryResult, useQuery } from '@tanstack/react-query'
import type { AnyOperation, Output } from '../core/declare/operation.ts'
import { readAll } from '../core/declare/pages.ts'
import { CallError, call, type InputOf } from './call.ts'

/** A retry does not change a refusal; it may help after a lost connection. */
const worthRetrying = (failures: number, error: Error): boolean =>
  failures < 2 && error instanceof CallError && (error.code === 'unreachable' || error.code === 'unavailable')

export const queries = new QueryClient({
  defaultOptions: {
    queries: { retry: worthRetrying, staleTime: 15_000, refetchOnWindowFocus: true },
    mutations: { retry: false },
  },
})

/** All pages of an answer. */
const read = <Op extends AnyOperation>(operation: Op, input: InputOf<Op>): Promise<Output<Op>> =>
  readAll(
    (pageOperation, page) => call(pageOperation, page as InputOf<Op>),
    operation,
    input as Record<string, unknown>,
  )

type Options = Pick<
  UseQueryOptions,
  'enabled' | 'networkMode' | 'refetchInterval' | 'refetchIntervalInBackground' | 'refetchOnWindowFocus'
>

/** The answer of a read operation, cached until it is invalidated. */
export function useRead<Op extends AnyOperation>(
  operation: Op,
  input: InputOf<Op>,
  options: Options = {},
): UseQueryResult<Output<Op>, Error> {
  return useQuery({
    queryKey: [operation.name, input],
    queryFn: () => read(operation, input),
    ...options,
  }) as UseQueryResult<Output<Op>, Error>
}

/** The same read as a value for `useQueries`; `select` transforms the answer. */
export const reading = <Op extends AnyOperation, T>(
  operation: Op,
  input: InputOf<Op>,
  select: (answer: Output<Op>) => T,
): UseQueryOptions<unknown, Error, T> => ({
  queryKey: [operation.name, input],
  queryFn: () => read(operation, input),
  select: (answer) => select(answer as Output<Op>),
})

/** Invalidates the answers of these operations. */
export async function forget(...operations: AnyOperation[]): Promise<void> {
  await Promise.all(operations.map((operation) => queries.invalidateQueries({ queryKey: [operation.name] })))
}
