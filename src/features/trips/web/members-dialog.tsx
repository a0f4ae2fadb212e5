import { useNavigate } from '@tanstack/react-router'
import { LogOut, UserMinus, UserPlus } from 'lucide-react'
import type { FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Output } from '../../../core/operation.ts'
import { CallError, call } from '../../../web/call.ts'
import { Avatar } from '../../../web/design/avatar.tsx'
import { Badge } from '../../../web/design/badge.tsx'
import { Button } from '../../../web/design/button.tsx'
import { Dialog } from '../../../web/design/dialog.tsx'
import { TextField } from '../../../web/design/field.tsx'
import { IconButton } from '../../../web/design/icon-button.tsx'
import { ErrorState, Skeleton } from '../../../web/design/states.tsx'
import { tell, tellTrouble } from '../../../web/design/toast.tsx'
import { useForm } from '../../../web/form/form.ts'
import { Trouble } from '../../../web/form/trouble.tsx'
import { useRights } from '../../../web/instance.ts'
import { useMembers, useMyRole } from '../../../web/planner/members.ts'
import { usePlanner } from '../../../web/planner/planner.tsx'
import { forget } from '../../../web/query.ts'
import { useMe } from '../../../web/session.ts'
import { add_trip_member, list_trip_members, list_trips, member_manage, remove_trip_member } from '../contract.ts'

type MemberRow = Output<typeof list_trip_members>['owner']

export function MembersDialog({ open, onClose }: { open: boolean; onClose(): void }) {
  const { t } = useTranslation()
  return (
    <Dialog open={open} onClose={onClose} title={t('members.title')} description={t('members.body')}>
      <Members onClose={onClose} />
    </Dialog>
  )
}

function Members({ onClose }: { onClose(): void }) {
  const members = useMembers()
  const may = useRights(useMyRole())
  if (members.isPending) return <Skeleton className="h-32" />
  if (members.isError) return <ErrorState error={members.error} onRetry={() => void members.refetch()} />
  const { owner, members: others } = members.data
  return (
    <div className="flex flex-col gap-6">
      {may(member_manage) && <AddMember />}
      <ul className="flex flex-col divide-y divide-line rounded-md border border-line bg-surface">
        {[owner, ...others].map((member) => (
          <MemberLine key={member.user_id} member={member} mayRemove={may(member_manage)} onLeft={onClose} />
        ))}
      </ul>
    </div>
  )
}

function AddMember() {
  const { t } = useTranslation()
  const { trip } = usePlanner()
  const form = useForm(add_trip_member, { identifier: '' })

  async function submit(event: FormEvent) {
    event.preventDefault()
    const added = await form.submit({ tripId: trip.id, identifier: form.values.identifier })
    if (!added) return
    form.set('identifier', '')
    tell(t('members.wasAdded', { name: added.member.name }))
    await forget(list_trip_members)
  }

  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-3">
      <Trouble text={form.trouble} />
      <div className="flex items-start gap-2">
        <TextField
          label={t('members.identifier')}
          autoCapitalize="none"
          spellCheck={false}
          value={form.values.identifier}
          error={form.error('identifier')}
          onChange={(event) => form.set('identifier', event.target.value)}
          className="flex-1"
        />
        <Button
          type="submit"
          tone="primary"
          busy={form.busy}
          icon={<UserPlus size={16} aria-hidden="true" />}
          className="mt-6"
        >
          {t('members.add')}
        </Button>
      </div>
    </form>
  )
}

interface LineProps {
  member: MemberRow
  mayRemove: boolean
  onLeft(): void
}

function MemberLine({ member, mayRemove, onLeft }: LineProps) {
  const { t } = useTranslation()
  const { trip } = usePlanner()
  const me = useMe()
  const navigate = useNavigate()
  const isMe = member.user_id === me.id

  async function remove() {
    try {
      await call(remove_trip_member, { tripId: trip.id, memberId: member.user_id })
    } catch (error) {
      tellTrouble(error instanceof CallError ? error.message : t('error.unexpected'))
      return
    }
    if (isMe) {
      onLeft()
      await forget(list_trips)
      await navigate({ to: '/' })
      return
    }
    await forget(list_trip_members)
    const bringBack = async () => {
      await call(add_trip_member, { tripId: trip.id, identifier: member.username }).catch((error: unknown) =>
        tellTrouble(error instanceof CallError ? error.message : t('error.unexpected')),
      )
      await forget(list_trip_members)
    }
    tell(t('members.wasRemoved', { name: member.name }), { undo: () => void bringBack(), undoLabel: t('undo') })
  }

  return (
    <li className="flex items-center gap-3 px-3 py-2.5">
      <Avatar name={member.name} userId={member.user_id} />
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">
          {member.name} {isMe && <span className="font-normal text-ink-faint">({t('members.you')})</span>}
        </p>
        <p className="truncate text-ink-faint text-xs">@{member.username}</p>
      </div>
      {member.role === 'owner' ? (
        <Badge tone="pine">{t('members.owner')}</Badge>
      ) : isMe ? (
        <Button size="small" icon={<LogOut size={14} aria-hidden="true" />} onClick={() => void remove()}>
          {t('members.leave')}
        </Button>
      ) : !mayRemove ? null : (
        <IconButton label={t('members.remove', { name: member.name })} size="small" onClick={() => void remove()}>
          <UserMinus size={16} aria-hidden="true" />
        </IconButton>
      )}
    </li>
  )
}
