import { type Caller, INSTANCE, type Membership, type SpaceRef } from '../data/space.ts'
import type { ReadTx } from '../data/tx.ts'
import { TrekError } from '../declare/errors.ts'
import { administration, type SpaceRole } from '../declare/operation.ts'
import type { BoundOperation } from './catalogue.ts'

/** The part of a call that decides in which space it works. */
interface Called {
  readonly bound: BoundOperation
  readonly input: Readonly<Record<string, unknown>>
}

/** The membership of a person in their own rows. */
export const OWN: Membership = { space: 'user', id: 0, role: 'owner', row: null }

/** The space of a call. */
export function spaceOf(call: Called & { readonly caller: Caller }): SpaceRef {
  const shared = sharedSpaceOf(call)
  if (shared) return shared
  const { bound, caller } = call
  return bound.operation.permission === administration ? INSTANCE : { space: 'user', id: caller.userId }
}

/** The trip or other space that the input names; null if it names none, which some operations leave open. */
export function sharedSpaceOf({ bound: { space }, input }: Called): SpaceRef | null {
  const id = space && input[space.key]
  return space && typeof id === 'number' ? { space: space.name, id } : null
}

/** The role of the caller in the space that the input names; null if it names none. */
export const roleOf = (call: Called & { readonly member: Membership }): SpaceRole | null =>
  sharedSpaceOf(call) ? call.member.role : null

export async function membershipOf(call: Called, tx: ReadTx, caller: Caller): Promise<Membership> {
  const { space } = call.bound
  const shared = sharedSpaceOf(call)
  if (!space || !shared) return { ...OWN, id: caller.userId }
  const member = await space.membership(tx, shared.id, caller.userId)
  if (!member) throw new TrekError('not_found', space.missing)
  return member
}
