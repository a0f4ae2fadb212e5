import type { FastifyRequest } from 'fastify'
import { networkOf } from '../attempt-limiter.ts'

/**
 * Who is counted for a request without a login. A web page can make a visitor's browser send any number, so requests
 * caused by other sites count separately: they use up no allowance of programs, people or other kinds of pages.
 */
export interface Maker {
  readonly network: string
  /** The page that caused the request; null if no foreign page did. */
  readonly page: string | null
}

/** The header that tells the authorization server for whom it fetches; nobody else can set it. */
export const STRANGER_HEADER = 'x-trek-stranger'

export const strangerOf = ({ network, page }: Maker): string => (page === null ? network : `${network} ${page}`)

/** For requests sent by a page, the browser names the page. */
export function makerOf(request: FastifyRequest): Maker {
  const { origin } = request.headers
  const foreign = origin !== undefined && !request.server.origins.isOwn(request)
  return { network: networkOf(request.ip), page: foreign ? `page ${origin}` : null }
}

/** A logged-in person is no stranger: others in their network do not count for them. */
export const personOf = (userId: number, { page }: Maker): Maker => ({ network: `user ${userId}`, page })

/**
 * For navigations, the browser reports whether a page of another site led there, and whether a person sees it: consent
 * is never shown as an image or frame. Browsers that report neither send different `Accept` headers for images and
 * pages.
 */
export function openerOf(request: FastifyRequest): Maker {
  const { 'sec-fetch-site': site, 'sec-fetch-dest': what, accept = '' } = request.headers
  const seen = what === undefined ? /\btext\/html\b/.test(accept) : what === 'document'
  const led = site === 'cross-site' || site === 'same-site'
  const page = seen ? (led ? 'led by a page' : null) : 'unseen'
  return { network: networkOf(request.ip), page }
}
