import { type Addon, type Permission, permits, type SpaceRole } from '../../../core/declare/operation.ts'
import { useMe } from '../../../identity/web/session.ts'
import { useRead } from '../../../ui/query.ts'
import { get_instance } from '../contract/index.ts'

/** Whether an add-on is on; until the server has answered, its default. */
export function useAddon({ name, default: usual }: Addon): boolean {
  const { data } = useRead(get_instance, {})
  return data ? data.addons.includes(name) : usual
}

/** What this server can look up; until it has answered, everything. */
export function useLookUps(): { onlyTowns: boolean; rates: boolean } {
  const { data } = useRead(get_instance, {})
  return { onlyTowns: data?.finds_only_towns ?? false, rates: data?.looks_up_rates ?? true }
}

/** The same by name, for many at once; until the server has answered, true for all. */
export function useInstanceAddons(): (name: string) => boolean {
  const { data } = useRead(get_instance, {})
  return (name) => data?.addons.includes(name) ?? true
}

/** The rights of a role, to decide what to offer. The server checks again at each operation. */
export function useRights(role: SpaceRole): (permission: Permission) => boolean {
  const me = useMe()
  const { data } = useRead(get_instance, {})
  return (permission) => {
    const level = data?.permissions[permission.name] ?? permission.default
    return permits(level, { admin: me.role === 'admin' }, role)
  }
}
