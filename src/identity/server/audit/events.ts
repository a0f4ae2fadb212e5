import * as accounts from '../../contract/index.ts'
import { type AuditKind, create_static_token, revoke_static_token } from '../../contract/index.ts'
import { log_in, log_out } from '../../contract/log-in.ts'
import * as oauth from '../../contract/oauth.ts'
import { titles } from './messages.ts'

/** An OAuth grant or a static token that is gone, whoever ended it. */
export const ACCESS_ENDED = 'access_ended' satisfies keyof typeof titles

/** What is kept that is no operation of the catalogue, in words. */
export const TITLES: ReadonlyMap<string, string> = new Map([
  [log_in.name, log_in.title],
  [log_out.name, log_out.title],
  ...Object.entries(titles).map(([event, title]) => [event, title().text] as const),
])

/** What the event of an entry is called, where it is no operation of the catalogue. */
export const titleOfEvent = (event: string): string | undefined => TITLES.get(event)

const operationsIn = (contract: object): string[] =>
  Object.values(contract).flatMap((value) => (value.kind === 'operation' ? [value.name] : []))

const TOKENS: readonly string[] = [create_static_token.name, revoke_static_token.name]

/** Log-ins, and what people do with their accounts. */
export const LOG_INS: readonly string[] = [
  log_in.name,
  log_out.name,
  ...operationsIn(accounts).filter((name) => !TOKENS.includes(name)),
]

/** What lets programs in, and ends that. */
export const ACCESS: readonly string[] = [
  ...[...TITLES.keys()].filter((event) => !LOG_INS.includes(event)),
  ...operationsIn(oauth),
  ...TOKENS,
]

/** What an entry is about. What assistants do is theirs, whatever it is; what is of no other kind was done for the instance. */
export function kindOf({ event, way }: { event: string; way: string }): AuditKind {
  if (way === 'mcp') return 'assistants'
  if (LOG_INS.includes(event)) return 'log_ins'
  return ACCESS.includes(event) ? 'access' : 'administration'
}
