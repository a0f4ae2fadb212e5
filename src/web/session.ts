import { useQuery } from '@tanstack/react-query'
import type { Output } from '../core/operation.ts'
import { get_me } from '../identity/contract.ts'
import { CallError, call, send } from './call.ts'
import { queries } from './query.ts'

export type Me = Output<typeof get_me>['user']

const KEY = [get_me.name]

export const whoAmI = {
  queryKey: KEY,
  staleTime: 60_000,
  queryFn: async (): Promise<Me | null> => {
    try {
      return (await call(get_me, {})).user
    } catch (error) {
      if (error instanceof CallError && error.code === 'unauthenticated') return null
      throw error
    }
  },
}

/** Whoever is logged in; only below the pages that need somebody to be. */
export function useMe(): Me {
  const { data } = useQuery(whoAmI)
  if (!data) throw new Error('Nobody is logged in')
  return data
}

export interface Credentials {
  readonly identifier: string
  readonly password: string
  readonly remember: boolean
}

/** Begins a session in this browser. */
export async function logIn(credentials: Credentials): Promise<void> {
  await send('POST', '/api/session', JSON.stringify(credentials))
  queries.clear()
}

/** Ends the session of this browser. */
export async function logOut(): Promise<void> {
  await send('DELETE', '/api/session', null)
  queries.clear()
}
