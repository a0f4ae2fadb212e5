import type { FastifyRequest } from 'fastify'
import { networkOf } from '../attempt-limiter.ts'

/**
 * Who is counted for a request that needs no log-in. A web page can have its visitor's browser send as many as it likes, so what pages
 * of other sites cause is counted apart: they use up nothing that programs, people, or other kinds of pages have.
 */
export interface Maker {
  readonly network: string
  /** What made the browser send it, or null where no page of another site did. */
  readonly page: string | null
}

/** The header in which the authorization server is told for whom it looks something up; nobody else can set it. */
export const STRANGER_HEADER = 'x-trek-stranger'

export const strangerOf = ({ network, page }: Maker): string => (page === null ? network : `${network} ${page}`)

/** Of what a page sends by itself, the browser names the page. */
export function makerOf(request: FastifyRequest): Maker {
  const { origin } = request.headers
  const foreign = origin !== undefined && !request.server.origins.isOwn(request)
  return { network: networkOf(request.ip), page: foreign ? `page ${origin}` : null }
}

/** Somebody who is logged in is no stranger: what others of their network do does not count for them. */
export const personOf = (userId: number, { page }: Maker): Maker => ({ network: `user ${userId}`, page })

/**
 * Of what a browser opens, it says whether a page of another site led there, and whether a person sees it: a picture or a frame is
 * never how somebody is asked. Browsers that say neither still ask for a picture otherwise than for a page.
 */
export function openerOf(request: FastifyRequest): Maker {
  const { 'sec-fetch-site': site, 'sec-fetch-dest': what, accept = '' } = request.headers
  const seen = what === undefined ? /\btext\/html\b/.test(accept) : what === 'document'
  const led = site === 'cross-site' || site === 'same-site'
  const page = seen ? (led ? 'led by a page' : null) : 'unseen'
  return { network: networkOf(request.ip), page }
}
