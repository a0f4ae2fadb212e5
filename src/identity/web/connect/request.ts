import { queryOptions, useQuery } from '@tanstack/react-query'
import { call } from '../../../ui/call.ts'
import { get_consent } from '../../contract/consent.ts'

const PAGE = /^\/oauth\/consent\/([\w-]+)$/

/** Where a person decides about a request. */
export const consentPage = (uid: string): string => `/oauth/consent/${uid}`

/** Who asks for access, for what, and who is logged in. It is asked anew each time: both may be others by now. */
export const requestOf = (uid: string) =>
  queryOptions({
    queryKey: [get_consent.name, uid],
    queryFn: () => call(get_consent, { uid }),
    staleTime: 0,
    gcTime: 0,
  })

/** The program on whose request somebody is on the way to `page`; null for any other page, and until it is known. */
export function useProgramAt(page: string | undefined): string | null {
  const uid = PAGE.exec(page ?? '')?.[1] ?? ''
  const { data } = useQuery({
    queryKey: ['program of', uid],
    queryFn: async () => (await call(get_consent, { uid })).program,
    enabled: uid !== '',
    staleTime: Number.POSITIVE_INFINITY,
  })
  return data ?? null
}
