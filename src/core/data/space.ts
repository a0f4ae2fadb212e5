import type { AnyEntity, Row } from '../declare/entity.ts'
import type { Message } from '../declare/message.ts'
import type { SpaceRole } from '../declare/operation.ts'
import type { ReadTx } from './tx.ts'

/**
 * A space is the unit of access and of change numbers: a trip, a user's own rows, the instance. Before every action,
 * the pipeline asks the space for the caller's role in it.
 */

/** The author of a request. `identify` builds it once for each request; features only read it. */
export interface Caller {
  readonly userId: number
  readonly name: string
  readonly admin: boolean
  /** `web` is a person in the app, `rest` a program with a token, `mcp` an assistant, `cli` the command line, `system` TREK itself. */
  readonly way: 'web' | 'rest' | 'mcp' | 'cli' | 'system'
  /** The name that the assistant or program gives itself; null for a person in the app. */
  readonly client: string | null
  /** The connected program or token, by the name that its owner gave it; left out for a person in the app. */
  readonly program?: string | null
  /** The grant, token or web session of the caller, as `kind:id`. */
  readonly grant: string | null
  readonly scopes: 'all' | ReadonlySet<string>
  /** The reason why every write is refused (demo mode); otherwise null. */
  readonly readOnly: Message | null
}

/** An anonymous caller: can call open operations only. */
export const NOBODY: Caller = {
  userId: 0,
  name: '',
  admin: false,
  way: 'web',
  client: null,
  grant: null,
  scopes: new Set(),
  readOnly: null,
}

/** TREK itself, for scheduled work. */
export const SYSTEM: Caller = {
  userId: 0,
  name: 'TREK',
  admin: true,
  way: 'system',
  client: null,
  grant: null,
  scopes: 'all',
  readOnly: null,
}

/** The caller's role in one space. */
export interface Membership {
  readonly space: string
  readonly id: number
  readonly role: SpaceRole
  /** The row that represents the space, if there is one (the trip). */
  readonly row: unknown
}

export interface SpaceRef {
  readonly space: string
  readonly id: number
}

/** A person who views rows of a space. */
export interface Viewer {
  readonly userId: number
  readonly role: SpaceRole
}

export interface Space {
  readonly kind: 'space'
  readonly name: string
  /** The input field with the id of the space. An operation with that field works inside this space. */
  readonly key: string
  /** The caller's membership, or null for "not found": an unknown space and one without access give the same answer. */
  membership(tx: ReadTx, id: number, userId: number): Promise<Membership | null>
  /** The user ids of all people that its rows can name, guests included. */
  people(tx: ReadTx, id: number): Promise<readonly number[]>
  /** The error message for a space that does not exist or that the caller cannot access. */
  readonly missing: Message
  /** The entities whose changes can give or end access. */
  readonly admits: readonly AnyEntity[]
}

export const space = (declared: Omit<Space, 'kind'>): Space => ({ kind: 'space', ...declared })

export const INSTANCE: SpaceRef = { space: 'instance', id: 0 }

/** Whether the granted scopes include this one; `group:write` implies `group:read`. */
export function holdsScope(granted: Caller['scopes'], needed: string): boolean {
  if (granted === 'all' || granted.has(needed)) return true
  return needed.endsWith(':read') && granted.has(needed.replace(/read$/, 'write'))
}

/** Who can see a row of this entity, decided from the row alone. Without a rule, everybody in the space can. */
export type CanSee<E extends AnyEntity = AnyEntity> = (row: Row<E>, viewer: Viewer) => boolean
