import * as accounts from '../../contract/index.ts'
import { type AuditKind, create_static_token, revoke_static_token } from '../../contract/index.ts'
import { log_in, log_out } from '../../contract/log-in.ts'
import * as oauth from '../../contract/oauth.ts'
import { titles } from './messages.ts'

/** The end of an OAuth grant or static token, whoever ended it. */
export const ACCESS_ENDED = 'access_ended' satisfies keyof typeof titles

/** What happened to a backup, whose name is the subject of the entry. */
const BACKUP_EVENTS = [
  'backup_made',
  'backup_removed',
  'backup_restored',
] as const satisfies readonly (keyof typeof titles)[]
export type BackupEvent = (typeof BACKUP_EVENTS)[number]

/** Titles of events that are not operations of the catalogue. */
export const TITLES: ReadonlyMap<string, string> = new Map([
  [log_in.name, log_in.title],
  [log_out.name, log_out.title],
  ...Object.entries(titles).map(([event, title]) => [event, title().text] as const),
])

/** The title of an event that is not an operation of the catalogue. */
export const titleOfEvent = (event: string): string | undefined => TITLES.get(event)

const operationsIn = (contract: object): string[] =>
  Object.values(contract).flatMap((value) => (value.kind === 'operation' ? [value.name] : []))

const TOKENS: readonly string[] = [create_static_token.name, revoke_static_token.name]

/** Logins, and people's changes to their accounts. */
export const LOG_INS: readonly string[] = [
  log_in.name,
  log_out.name,
  ...operationsIn(accounts).filter((name) => !TOKENS.includes(name)),
]

/** Events that grant or end the access of programs. */
export const ACCESS: readonly string[] = [
  ...[...TITLES.keys()].filter((event) => ![...LOG_INS, ...BACKUP_EVENTS].includes(event)),
  ...operationsIn(oauth),
  ...TOKENS,
]

/** The kind of an entry. All actions of assistants are theirs; actions of no other kind are administration. */
export function kindOf({ event, way }: { event: string; way: string }): AuditKind {
  if (way === 'mcp') return 'assistants'
  if (LOG_INS.includes(event)) return 'log_ins'
  return ACCESS.includes(event) ? 'access' : 'administration'
}
