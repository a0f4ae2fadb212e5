import { addressOf } from '../../../core/run/base-path.ts'

/** What tokens are good for: the endpoint of assistants under a public address. */
export const resourceOf = (issuer: string): string => addressOf(issuer, '/mcp')

/** Where a person decides about a request; the id of the request follows. */
export const CONSENT_PATH = '/oauth/consent'

/** Where a person is told that a request cannot be gone on with. */
export const PROBLEM_PATH = '/oauth/problem'
