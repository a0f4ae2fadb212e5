import { addressOf } from '../../../core/run/base-path.ts'

/** The resource of the tokens: `/mcp` under a public URL. */
export const resourceOf = (issuer: string): string => addressOf(issuer, '/mcp')

/** The consent page; a request id follows. */
export const CONSENT_PATH = '/oauth/consent'

/** The page that explains a request that cannot continue. */
export const PROBLEM_PATH = '/oauth/problem'
