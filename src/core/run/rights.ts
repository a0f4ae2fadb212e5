import { type Caller, holdsScope } from '../data/space.ts'
import { forbidden, type TrekError } from '../declare/errors.ts'
import type { AnyOperation, Permission } from '../declare/operation.ts'
import type { SettingsView } from './settings.ts'

/** The scope that is missing for this operation, or null. */
export function missingScope({ scope }: AnyOperation, { scopes }: Pick<Caller, 'scopes'>): string | null {
  if (scope === null) return null
  const any: readonly string[] = typeof scope === 'string' ? [scope] : scope
  return any.some((one) => holdsScope(scopes, one)) ? null : (any[0] as string)
}

export function barredBy(
  operation: AnyOperation,
  caller: Pick<Caller, 'scopes'>,
  settings: SettingsView,
): string | null {
  if (operation.addon && !settings.addonOn(operation.addon)) return `the add-on ${operation.addon.name} is switched off`
  const missing = missingScope(operation, caller)
  return missing && `needs the scope ${missing}`
}

/** The error for somebody outside the circle that holds a right. */
export function notPermitted(permission: Permission, level: string): TrekError {
  const circle = { admin: 'administrators', owner: 'the owner', member: 'members', everybody: 'everybody' }[level]
  return forbidden(`Only ${circle} may do this: ${permission.title.toLowerCase()}`, {
    hint: 'Ask the owner of the trip, or an administrator, who can widen it under permissions.',
    details: { permission: permission.name, level },
  })
}
