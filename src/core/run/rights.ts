import { type Caller, holdsScope } from '../data/space.ts'
import { addonOff, forbidden, type TrekError } from '../declare/errors.ts'
import type { Addon, AnyOperation, Permission } from '../declare/operation.ts'
import type { SettingsView } from './settings.ts'

/** The scope that is missing for this operation, or null. */
export function missingScope(
  { scope }: Pick<AnyOperation, 'scope'>,
  { scopes }: Pick<Caller, 'scopes'>,
): string | null {
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

const whoSwitches = ({ name }: Addon) => `An administrator can switch on the add-on ${name}.`

/** The error for an operation of an add-on that is off. */
export const switchedOff = (addon: Addon): TrekError =>
  addonOff(`${addon.title} is switched off on this server`, { hint: whoSwitches(addon) })

/** The same where it is a part of what the operation would do, which writes rows of another feature. */
export const switchedOffBesides = ({ alsoWrites }: AnyOperation, feature: string, addon: Addon): TrekError =>
  addonOff(`A part of this belongs to ${addon.title}, which is switched off on this server`, {
    hint: unchanged(alsoWrites[feature], whoSwitches(addon)),
  })

const circleOf = (level: string) =>
  ({ admin: 'administrators', owner: 'the owner', member: 'members', everybody: 'everybody' })[level]

const WHO_WIDENS = 'Ask the owner of the trip, or an administrator, who can widen it under permissions.'

/** The error for somebody outside the circle that holds a right. */
export function notPermitted(permission: Permission, level: string): TrekError {
  return forbidden(`Only ${circleOf(level)} may do this: ${permission.title.toLowerCase()}`, {
    hint: WHO_WIDENS,
    details: { permission: permission.name, level },
  })
}

/** The same where it is a part of what the operation would do, which writes rows of another feature. */
export function notPermittedBesides(
  { alsoWrites }: AnyOperation,
  feature: string,
  permission: Permission,
  level: string,
): TrekError {
  return forbidden(`Only ${circleOf(level)} may do a part of this: ${permission.title.toLowerCase()}`, {
    hint: unchanged(alsoWrites[feature], WHO_WIDENS),
    details: { permission: permission.name, level },
  })
}

/** The error for a caller without the scope for a part of what the operation would do, which writes rows of another feature. */
export function scopeMissingBesides({ name, alsoWrites }: AnyOperation, feature: string, scope: string): TrekError {
  return forbidden(`A part of this needs the scope ${scope}: ${name} would change ${feature.replace('-', ' ')} too`, {
    hint: unchanged(alsoWrites[feature], `With ${scope} all of it works: ask the person to grant it.`),
    details: { scope },
  })
}

const unchanged = (without: string | undefined, wider: string): string =>
  ['Nothing was changed.', ...(without ? [without] : []), wider].join(' ')
