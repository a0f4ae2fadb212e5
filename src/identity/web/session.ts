import { useQuery } from '@tanstack/react-query'
import type { Output } from '../../core/declare/operation.ts'
import { call, type InputOf } from '../../ui/call.ts'
import { queries } from '../../ui/query.ts'
import { log_in, log_out, who_am_i } from '../contract/log-in.ts'

export type Me = Output<typeof log_in>['user']

export const whoAmI = {
  queryKey: [who_am_i.name],
  staleTime: 60_000,
  queryFn: async (): Promise<Me | null> => (await call(who_am_i, {})).user,
}

/** The logged-in user; only for pages that require a login. */
export function useMe(): Me {
  const { data } = useQuery(whoAmI)
  if (!data) throw new Error('Nobody is logged in')
  return data
}

/** Starts a session in this browser. */
export async function logIn(credentials: InputOf<typeof log_in>): Promise<void> {
  const { user } = await call(log_in, credentials)
  queries.clear()
  queries.setQueryData(whoAmI.queryKey, user)
}

/** Ends this browser's session. */
export async function logOut(): Promise<void> {
  await call(log_out, {})
  queries.clear()
}
