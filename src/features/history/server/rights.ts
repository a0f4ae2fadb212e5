import { topicOf } from '../../../core/data/database.ts'
import type { SpaceRef } from '../../../core/data/space.ts'
import type { ReadTx } from '../../../core/data/tx.ts'
import type { LoggedCommit } from '../../../core/data/undoing.ts'
import type { Message } from '../../../core/declare/message.ts'
import type { AnyOperation, Permission, SpaceRole } from '../../../core/declare/operation.ts'
import type { Catalogue, Right } from '../../../core/run/catalogue.ts'
import type { Call } from '../../../core/run/feature.ts'
import { titleOfPermission } from '../../../core/run/messages.ts'
import type { NetChange } from '../../../core/run/undo/net.ts'
import { undo_others } from '../contract/index.ts'
import { messages } from '../contract/messages.ts'

type Rights = Pick<Call, 'tx' | 'caller' | 'permits' | 'barred'>

/**
 * Why this person cannot undo a commit, or null. They need today's rights to the operation, and to the rows that undo
 * writes, each in its own space; for the commit of somebody else also the right to undo what others did.
 */
export async function undoRefusal(
  catalogue: Catalogue,
  { tx, caller, permits, barred }: Rights,
  commit: LoggedCommit,
  changes: readonly NetChange[],
): Promise<Message | null> {
  const refusal = refusalByAuthor(catalogue, { caller, permits }, commit.by)
  const operation = catalogue.operation(commit.by.operation)?.operation
  if (refusal || !operation) return refusal
  for (const right of [operation, ...changes.map((change) => rightTo(catalogue, change))]) {
    const reason = right && 'kind' in right ? barred(right) : null
    if (reason) return messages.barred({ reason })
  }
  const lack = permissionsOf(operation, {}).find((permission) => !permits(permission))
  if (lack) return messages.notPermitted({ permission: titleOfPermission(lack) })
  const roles = new Map<string, SpaceRole | null>()
  for (const change of changes) {
    const { space } = change
    // A person's own rows need no permission, and a notification is undone with the change that it reports.
    if (space.space === 'user') continue
    const topic = topicOf(space)
    if (!roles.has(topic)) roles.set(topic, await roleIn(catalogue, tx, space, caller.userId))
    const role = roles.get(topic) ?? null
    const missing = permissionsOf(rightTo(catalogue, change), fieldsSet(change)).find((one) => !permits(one, role))
    if (missing) return messages.notPermitted({ permission: titleOfPermission(missing) })
  }
  return null
}

/** The part of it that depends only on who called which operation. */
export function refusalByAuthor(
  catalogue: Catalogue,
  { caller, permits }: Pick<Rights, 'caller' | 'permits'>,
  by: { readonly operation: string; readonly user_id: number },
): Message | null {
  const operation = catalogue.operation(by.operation)?.operation
  if (!operation) return messages.unknown()
  const never = neverUndone(operation)
  if (never || by.user_id === caller.userId) return never
  if (operation.undo === 'own') return messages.onlyAuthor()
  return permits(undo_others) ? null : messages.notYours()
}

/** The role of a person in a space; null if they have none, or if it is their own. */
const roleIn = async (catalogue: Catalogue, tx: ReadTx, { space, id }: SpaceRef, userId: number) =>
  (await catalogue.spaces.get(space)?.membership(tx, id, userId))?.role ?? null

/** What undoing a change of a row needs. */
const rightTo = (catalogue: Catalogue, { bound, undo }: NetChange): AnyOperation | Right | null =>
  bound.undoneLike?.[undo] ?? catalogue.rightOf(bound.feature)

/** The fields that a change has set, as an input. */
const fieldsSet = ({ before, after }: NetChange): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(after ?? {}).filter(([field, value]) => JSON.stringify(before?.[field]) !== JSON.stringify(value)),
  )

function neverUndone({ undo }: AnyOperation): Message | null {
  return undo === 'rows' || undo === 'whole' || undo === 'own' ? null : messages[undo]()
}

/** The permissions for this input. Those of an operation that depend on its input follow from the rows it wrote. */
function permissionsOf(right: AnyOperation | Right | null, input: Record<string, unknown>): readonly Permission[] {
  const permission = right?.permission
  if (!permission) return []
  return typeof permission === 'function' ? (Object.keys(input).length ? permission(input) : []) : [permission]
}
