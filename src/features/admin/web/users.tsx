import { Ban, KeyRound, MoreHorizontal, ShieldCheck, ShieldOff, Trash2, UserPlus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Output } from '../../../core/declare/operation.ts'
import { type Me, useMe } from '../../../identity/web/session.ts'
import { call, reasonOf } from '../../../ui/call.ts'
import { Avatar } from '../../../ui/design/avatar.tsx'
import { Badge } from '../../../ui/design/badge.tsx'
import { Button } from '../../../ui/design/button.tsx'
import { Dialog } from '../../../ui/design/dialog.tsx'
import { IconButton } from '../../../ui/design/icon-button.tsx'
import { Menu, MenuItem, MenuLine } from '../../../ui/design/menu.tsx'
import { ErrorState, Skeleton } from '../../../ui/design/states.tsx'
import { tell, tellTrouble } from '../../../ui/design/toast.tsx'
import { forget, useRead } from '../../../ui/query.ts'
import { list_uploaders } from '../../files/contract/index.ts'
import { roomOf } from '../../files/web/sizes.ts'
import { list_users, update_user } from '../contract/index.ts'
import { CreateUserForm, DeleteUserForm, SetPasswordForm } from './user-forms.tsx'

type Asking = { what: 'create' } | { what: 'password' | 'delete'; user: Me }

export function Users() {
  const { t } = useTranslation()
  const users = useRead(list_users, {})
  const uploads = useRead(list_uploaders, {})
  const [asking, setAsking] = useState<Asking | null>(null)
  const close = () => setAsking(null)
  if (users.isPending) return <Skeleton className="h-64" />
  if (users.isError) return <ErrorState error={users.error} onRetry={() => void users.refetch()} />
  return (
    <div className="flex flex-col gap-4">
      <div className="flex items-center justify-between gap-4">
        <p className="text-ink-soft">{t('count.accounts', { count: users.data.users.length })}</p>
        <Button
          tone="primary"
          icon={<UserPlus size={17} aria-hidden="true" />}
          onClick={() => setAsking({ what: 'create' })}
        >
          {t('admin.addUser')}
        </Button>
      </div>
      <ul className="divide-y divide-line rounded-lg border border-line bg-surface">
        {users.data.users.map((user) => (
          <UserLine key={user.id} user={user} uploads={uploads.data} onAsk={(what) => setAsking({ what, user })} />
        ))}
      </ul>
      <Dialog open={asking !== null} onClose={close} title={asking ? t(`admin.${asking.what}User`) : ''}>
        {asking?.what === 'create' && <CreateUserForm onDone={close} />}
        {asking?.what === 'password' && <SetPasswordForm user={asking.user} onDone={close} />}
        {asking?.what === 'delete' && <DeleteUserForm user={asking.user} onDone={close} />}
      </Dialog>
    </div>
  )
}

interface LineProps {
  user: Me
  /** How much each user has uploaded, once known. */
  uploads: Output<typeof list_uploaders> | undefined
  onAsk(what: 'password' | 'delete'): void
}

function UserLine({ user, uploads, onAsk }: LineProps) {
  const { t } = useTranslation()
  const me = useMe()

  async function change(values: { banned?: boolean; role?: Me['role'] }, revert?: () => void) {
    try {
      await call(update_user, { userId: user.id, ...values })
      if (revert) tell(t('saved'), { label: t('undo'), run: revert })
    } catch (error) {
      tellTrouble(reasonOf(error))
    }
    await forget(list_users)
  }

  const setRole = (role: Me['role']) => change({ role }, () => void change({ role: user.role }))
  const setBanned = (banned: boolean) => change({ banned }, () => void change({ banned: !banned }))

  return (
    <li className="flex items-center gap-3 px-4 py-3">
      <Avatar name={user.name} userId={user.id} />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2 font-medium">
          {user.name}
          {user.role === 'admin' && <Badge tone="pine">{t('admin.isAdmin')}</Badge>}
          {user.banned && <Badge tone="signal">{t('admin.isBlocked')}</Badge>}
        </p>
        <p className="truncate text-ink-faint text-sm">
          @{user.username} · {user.email}
        </p>
        {uploads && (
          <p className="figures text-ink-faint text-sm">
            {t('admin.uploaded', {
              taken: roomOf(uploads.uploaders.find(({ user_id }) => user_id === user.id)?.bytes ?? 0),
              most: roomOf(uploads.max_bytes),
            })}
          </p>
        )}
      </div>
      <Menu
        trigger={
          <IconButton label={t('admin.userMenu', { name: user.name })} size="small">
            <MoreHorizontal size={17} aria-hidden="true" />
          </IconButton>
        }
      >
        <MenuItem icon={<KeyRound size={16} />} onSelect={() => onAsk('password')}>
          {t('admin.passwordUser')}
        </MenuItem>
        {user.id !== me.id && (
          <>
            {user.role === 'admin' ? (
              <MenuItem icon={<ShieldOff size={16} />} onSelect={() => void setRole('user')}>
                {t('admin.makeUser')}
              </MenuItem>
            ) : (
              <MenuItem icon={<ShieldCheck size={16} />} onSelect={() => void setRole('admin')}>
                {t('admin.makeAdmin')}
              </MenuItem>
            )}
            <MenuItem icon={<Ban size={16} />} onSelect={() => void setBanned(!user.banned)}>
              {user.banned ? t('admin.unblock') : t('admin.block')}
            </MenuItem>
            <MenuLine />
            <MenuItem icon={<Trash2 size={16} />} danger onSelect={() => onAsk('delete')}>
              {t('admin.deleteUser')}
            </MenuItem>
          </>
        )}
      </Menu>
    </li>
  )
}
