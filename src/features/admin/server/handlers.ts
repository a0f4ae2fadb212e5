import type { ExternalServices } from '../../../adapters/external-services.ts'
import type { Caller } from '../../../core/data/space.ts'
import { invalidField, type TrekError } from '../../../core/declare/errors.ts'
import type { Addon, Permission } from '../../../core/declare/operation.ts'
import { implement, prepared } from '../../../core/run/feature.ts'
import { nearest } from '../../../core/run/input.ts'
import { readSettings, type SettingsView, setAddon, setLevel } from '../../../core/run/settings.ts'
import { User } from '../../../identity/contract/index.ts'
import {
  endAccess,
  findUser,
  insertAccount,
  kindOf,
  listAudit,
  type Passwords,
  refuseLastAdmin,
  refusePrograms,
  refuseTaken,
  removeAccount,
  setPassword,
  titleOfEvent,
  userDeleted,
} from '../../../identity/server/index.ts'
import * as contract from '../contract/index.ts'
import { create_user, set_user_password } from '../contract/index.ts'
import { messages } from '../contract/messages.ts'
import { accessHandlers } from './access-handlers.ts'

/** The add-ons and permissions of the catalogue that can be set, and the names of operations. */
export interface Adjustable {
  readonly addons: ReadonlyMap<string, Addon>
  readonly permissions: ReadonlyMap<string, Permission>
  operation(name: string): { readonly operation: { readonly title: string } } | undefined
}

function addonState(addon: Addon, settings: SettingsView) {
  const { kind: _, ...declared } = addon
  return { ...declared, enabled: settings.addonOn(addon) }
}

function permissionState(permission: Permission, settings: SettingsView) {
  const { kind: _, levels, ...declared } = permission
  return { ...declared, levels: [...levels], level: settings.level(permission) }
}

const NOT_FOUND = {
  addon: { far: messages.addonNotFound, near: messages.addonNotFoundNear },
  permission: { far: messages.permissionNotFound, near: messages.permissionNotFoundNear },
}

function named<T>(byName: ReadonlyMap<string, T>, name: string, what: keyof typeof NOT_FOUND): T {
  const value = byName.get(name)
  if (value) return value
  const names = [...byName.keys()]
  const near = nearest(name, names)
  throw near ? NOT_FOUND[what].near({ name, near, names }) : NOT_FOUND[what].far({ name, names })
}

function refuseSelf(caller: Caller, userId: number, refusal: () => TrekError): void {
  if (userId === caller.userId) throw refusal()
}

// Hashing is slow on purpose, so first refuse callers who may not do this.
function hashFor(passwords: Passwords, caller: Caller, password: string): Promise<string> {
  if (!caller.admin) throw messages.administratorsOnly()
  refusePrograms(caller)
  return passwords.hash(password)
}

/** The services whose limits an app has to know. */
export type LookUps = Pick<ExternalServices, 'geocoder' | 'rates'>

export const adminHandlers = (of: () => Adjustable, { geocoder, rates }: LookUps, passwords: Passwords) =>
  implement(contract, {
    ...accessHandlers,

    get_instance: async ({ tx }) => {
      const settings = await readSettings(tx)
      const { addons, permissions } = of()
      return {
        addons: [...addons.values()].filter((addon) => settings.addonOn(addon)).map(({ name }) => name),
        permissions: Object.fromEntries([...permissions.values()].map((one) => [one.name, settings.level(one)])),
        finds_only_towns: geocoder.onlyTowns,
        looks_up_rates: rates.known,
      }
    },

    list_addons: async ({ tx }) => {
      const settings = await readSettings(tx)
      return { addons: [...of().addons.values()].map((addon) => addonState(addon, settings)) }
    },

    update_addon: async ({ tx, input }) => {
      const addon = named(of().addons, input.name, 'addon')
      await setAddon(tx, addon, input.enabled)
      return { addon: addonState(addon, await readSettings(tx)) }
    },

    list_permissions: async ({ tx }) => {
      const settings = await readSettings(tx)
      return { permissions: [...of().permissions.values()].map((permission) => permissionState(permission, settings)) }
    },

    update_permission: async ({ tx, input }) => {
      const permission = named(of().permissions, input.name, 'permission')
      if (!permission.levels.includes(input.level)) {
        throw invalidField(
          'level',
          messages.levelNotAllowed({ levels: permission.levels, permission: permission.name }),
        )
      }
      await setLevel(tx, permission, input.level)
      return { permission: permissionState(permission, await readSettings(tx)) }
    },

    list_users: async ({ tx }) => ({ users: await tx.list(User, { is_guest: false }) }),

    create_user: prepared(create_user, {
      prepare: (input, caller) => hashFor(passwords, caller, input.password),
      handle: async ({ tx, input, now, prepared: passwordHash }) => {
        const { password: _, name = input.username, ...account } = input
        return { user: await insertAccount(tx, { ...account, name, passwordHash }, now) }
      },
    }),

    update_user: async ({ tx, caller, input, now }) => {
      refusePrograms(caller)
      const { userId, ...patch } = input
      const user = await findUser(tx, userId)
      if (patch.banned) refuseSelf(caller, userId, messages.blockingSelf)
      if (patch.role && patch.role !== user.role) refuseSelf(caller, userId, messages.changingOwnRole)
      if (patch.banned || patch.role === 'user') await refuseLastAdmin(tx, user)
      await refuseTaken(tx, patch, userId)
      if (patch.banned && !user.banned) await endAccess(tx, userId)
      return { user: await tx.patch(User, user, { ...patch, updated_at: now }) }
    },

    set_user_password: prepared(set_user_password, {
      prepare: (input, caller) => hashFor(passwords, caller, input.password),
      handle: async ({ tx, caller, input, now, prepared: passwordHash }) => {
        const user = await findUser(tx, input.userId)
        await setPassword(tx, user.id, passwordHash, now)
        await endAccess(tx, user.id, caller.grant)
        return { success: true }
      },
    }),

    delete_user: async ({ tx, caller, input, emit }) => {
      refusePrograms(caller)
      const user = await findUser(tx, input.userId)
      refuseSelf(caller, user.id, messages.deletingSelf)
      await refuseLastAdmin(tx, user)
      await emit(userDeleted, { userId: user.id })
      await removeAccount(tx, user)
      return { success: true }
    },

    list_audit: async ({ tx, input }) => {
      const titleOf = (event: string) => titleOfEvent(event) ?? of().operation(event)?.operation.title ?? event
      const entries = await listAudit(tx, input)
      return { entries: entries.map((entry) => ({ ...entry, title: titleOf(entry.event), kind: kindOf(entry) })) }
    },
  })
