import { queryOptions, useQuery } from '@tanstack/react-query'
import { call } from '../../../ui/call.ts'
import { get_consent } from '../../contract/consent.ts'

const PAGE = /^\/oauth\/consent\/([\w-]+)$/

/** The path of the consent page. */
export const consentPage = (uid: string): string => `/oauth/consent/${uid}`

/** The request and the logged-in person. Never cached: both can have changed. */
export const requestOf = (uid: string) =>
  queryOptions({
    queryKey: [get_consent.name, uid],
    queryFn: () => call(get_consent, { uid }),
    staleTime: 0,
    gcTime: 0,
  })

/** The program whose request `page` shows; null for other pages and until known. */
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
