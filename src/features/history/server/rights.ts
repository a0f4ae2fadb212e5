import type { LoggedCommit } from '../../../core/data/undoing.ts'
import type { Message } from '../../../core/declare/message.ts'
import type { AnyOperation, Permission } from '../../../core/declare/operation.ts'
import type { Catalogue, Right } from '../../../core/run/catalogue.ts'
import type { Call } from '../../../core/run/feature.ts'
import { titleOfPermission } from '../../../core/run/messages.ts'
import type { NetChange } from '../../../core/run/undo/net.ts'
import { undo_others } from '../contract/index.ts'
import { messages } from '../contract/messages.ts'

type Rights = Pick<Call, 'caller' | 'permits' | 'barred'>

/**
 * Why this person cannot undo a commit, or null. They need today's rights to the operation, and to the rows that undo
 * writes; for the commit of somebody else also the right to undo what others did.
 */
export function undoRefusal(
  catalogue: Catalogue,
  { caller, permits, barred }: Rights,
  commit: LoggedCommit,
  changes: readonly NetChange[],
): Message | null {
  const operation = commit.by.operation === 'undo_changes' ? null : catalogue.operation(commit.by.operation)?.operation
  if (operation === undefined) return messages.unknown()
  const never = operation && neverUndone(operation)
  if (never) return never
  if (commit.by.user_id !== caller.userId) {
    if (operation?.undo === 'own') return messages.onlyAuthor()
    if (!permits(undo_others)) return messages.notYours()
  }
  const needed = [operation, ...changes.map((change) => rightTo(catalogue, change))]
  for (const right of needed) {
    const reason = right && 'kind' in right ? barred(right) : null
    if (reason) return messages.barred({ reason })
  }
  const permissions = [
    ...permissionsOf(operation, {}),
    ...changes.flatMap((change) => permissionsOf(rightTo(catalogue, change), fieldsSet(change))),
  ]
  for (const permission of permissions) {
    if (!permits(permission)) return messages.notPermitted({ permission: titleOfPermission(permission) })
  }
  return null
}

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
