import { type Caller, holdsScope } from '../data/space.ts'
import type { TrekError } from '../declare/errors.ts'
import type { Message } from '../declare/message.ts'
import type { Addon, AnyOperation, Level, Permission } from '../declare/operation.ts'
import { circleOf, messages, titleOfAddon, titleOfPermission, withoutFeature } from './messages.ts'
import type { SettingsView } from './settings.ts'

/** The scope missing for this operation, or null. */
export function missingScope(
  { scope }: Pick<AnyOperation, 'scope'>,
  { scopes }: Pick<Caller, 'scopes'>,
): string | null {
  if (scope === null) return null
  const any: readonly string[] = typeof scope === 'string' ? [scope] : scope
  return any.some((one) => holdsScope(scopes, one)) ? null : (any[0] as string)
}

/** Why this caller cannot call an operation, as part of a sentence; null if they can. */
export function barredBy(
  operation: AnyOperation,
  caller: Pick<Caller, 'scopes'>,
  settings: SettingsView,
): Message | null {
  if (operation.addon && !settings.addonOn(operation.addon)) {
    return messages.addonIsOff({ addon: operation.addon.name })
  }
  const missing = missingScope(operation, caller)
  return missing === null ? null : messages.needsScope({ scope: missing })
}

/** The error for an operation of an add-on that is switched off. */
export const switchedOff = (addon: Addon): TrekError =>
  messages.addonOff({ addon: titleOfAddon(addon), name: addon.name })

/** The same for a part of an operation that writes rows of another feature. */
export const switchedOffBesides = (operation: AnyOperation, feature: string, addon: Addon): TrekError =>
  messages.addonOffForPart({
    addon: titleOfAddon(addon),
    name: addon.name,
    without: withoutFeature(operation, feature),
  })

/** The error for a caller outside of the circle that holds a right. */
export function notPermitted(permission: Permission, level: Level): TrekError {
  return messages.notPermitted(
    { circle: circleOf(level), permission: titleOfPermission(permission) },
    { details: { permission: permission.name, level } },
  )
}

/** The same for a part of an operation that writes rows of another feature. */
export function notPermittedBesides(
  operation: AnyOperation,
  feature: string,
  permission: Permission,
  level: Level,
): TrekError {
  return messages.notPermittedForPart(
    {
      circle: circleOf(level),
      permission: titleOfPermission(permission),
      without: withoutFeature(operation, feature),
    },
    { details: { permission: permission.name, level } },
  )
}

/** The error for a missing scope of a part of an operation that writes rows of another feature. */
export function scopeMissingBesides(operation: AnyOperation, feature: string, scope: string): TrekError {
  return messages.missingScopeForPart(
    { scope, operation: operation.name, feature, without: withoutFeature(operation, feature) },
    { details: { scope } },
  )
}
