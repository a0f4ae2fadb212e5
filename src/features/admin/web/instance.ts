import { type Addon, type Permission, permits, type SpaceRole } from '../../../core/declare/operation.ts'
import { useMe } from '../../../identity/web/session.ts'
import { useRead } from '../../../ui/query.ts'
import { get_instance } from '../contract/index.ts'

/** Whether an add-on is on; until the server has said so, what a new instance has. */
export function useAddon({ name, default: usual }: Addon): boolean {
  const { data } = useRead(get_instance, {})
  return data ? data.addons.includes(name) : usual
}

/** The same by name, for many at once; until the server has said so, all are taken to be on. */
export function useInstanceAddons(): (name: string) => boolean {
  const { data } = useRead(get_instance, {})
  return (name) => data?.addons.includes(name) ?? true
}

/** Which rights one has in a role: for what is offered. The server decides anew whenever something is done. */
export function useRights(role: SpaceRole): (permission: Permission) => boolean {
  const me = useMe()
  const { data } = useRead(get_instance, {})
  return (permission) => {
    const level = data?.permissions[permission.name] ?? permission.default
    return permits(level, { admin: me.role === 'admin' }, role)
  }
}
