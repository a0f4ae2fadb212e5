import type { AnyEntity, Row } from '../declare/entity.ts'
import type { Message } from '../declare/message.ts'
import type { SpaceRole } from '../declare/operation.ts'
import type { ReadTx } from './tx.ts'

/**
 * A space is what people are let into and what a sequence of changes belongs to: a trip, a user's own rows, the instance.
 * The pipeline asks a space one question before it lets anyone act: who is the caller here?
 */

/** Who is asking. Built once for each request by `identify`; features only read it. */
export interface Caller {
  readonly userId: number
  readonly name: string
  readonly admin: boolean
  /** `web` is a person in the app, `rest` a program with a token, `mcp` an assistant, `cli` the command line, `system` TREK itself. */
  readonly way: 'web' | 'rest' | 'mcp' | 'cli' | 'system'
  /** The assistant or program, as it names itself; null for a person in the app. */
  readonly client: string | null
  /** The connected program or token, by the name that its owner knows; left out for a person in the app. */
  readonly program?: string | null
  /** The grant, token or web session that let the caller in, as `kind:id`. */
  readonly grant: string | null
  readonly scopes: 'all' | ReadonlySet<string>
  /** Set where every write is refused (demo mode), with the reason. */
  readonly readOnly: Message | null
}

/** Somebody who has not said who they are: they can call what is open, and nothing else. */
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

/** TREK itself, for what is done by the clock. */
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

/** What the caller is in one space. */
export interface Membership {
  readonly space: string
  readonly id: number
  readonly role: SpaceRole
  /** The row the space stands on, where there is one (the trip). */
  readonly row: unknown
}

export interface SpaceRef {
  readonly space: string
  readonly id: number
}

/** Somebody who looks at rows of a space. */
export interface Viewer {
  readonly userId: number
  readonly role: SpaceRole
}

export interface Space {
  readonly kind: 'space'
  readonly name: string
  /** The input field that names it; an operation whose input has that field works inside this space. */
  readonly key: string
  /** The caller's standing, or null for "not found": unknown and not yours are the same answer. */
  membership(tx: ReadTx, id: number, userId: number): Promise<Membership | null>
  /** The user ids of everybody whom its rows may name, guests too. */
  people(tx: ReadTx, id: number): Promise<readonly number[]>
  /** The error a stranger gets. */
  /** What is said where there is none, or none that the caller can reach. */
  readonly missing: Message
  /** The entities whose changes may let people in or out. */
  readonly admits: readonly AnyEntity[]
}

export const space = (declared: Omit<Space, 'kind'>): Space => ({ kind: 'space', ...declared })

export const INSTANCE: SpaceRef = { space: 'instance', id: 0 }

/** Whether the granted scopes hold this one; `group:write` implies `group:read`. */
export function holdsScope(granted: Caller['scopes'], needed: string): boolean {
  if (granted === 'all' || granted.has(needed)) return true
  return needed.endsWith(':read') && granted.has(needed.replace(/read$/, 'write'))
}

/** Who may see a row of this entity, decided from the row alone; without one, everybody in the space may. */
export type CanSee<E extends AnyEntity = AnyEntity> = (row: Row<E>, viewer: Viewer) => boolean
