import { type Addon, type Permission, permits } from '../core/operation.ts'
import { get_instance } from '../features/admin/contract.ts'
import { useRead } from './query.ts'
import { useMe } from './session.ts'

/** Whether an add-on is on; until the server has said so, what a new instance has. */
export function useAddon({ name, default: usual }: Addon): boolean {
  const { data } = useRead(get_instance, {})
  return data ? data.addons.includes(name) : usual
}

/** Which rights one has in a role: for what is offered. The server decides anew whenever something is done. */
export function useRights(role: 'owner' | 'member'): (permission: Permission) => boolean {
  const me = useMe()
  const { data } = useRead(get_instance, {})
  return (permission) => {
    const level = data?.permissions[permission.name] ?? permission.default
    return permits(level, { admin: me.role === 'admin' }, role)
  }
}
