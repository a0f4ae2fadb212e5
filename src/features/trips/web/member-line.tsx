import { useNavigate } from '@tanstack/react-router'
import { Crown, LogOut, MoreHorizontal, UserMinus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Output } from '../../../core/declare/operation.ts'
import { useMe } from '../../../identity/web/session.ts'
import { call, reasonOf } from '../../../ui/call.ts'
import { AskFirst } from '../../../ui/design/ask-first.tsx'
import { Avatar } from '../../../ui/design/avatar.tsx'
import { Badge } from '../../../ui/design/badge.tsx'
import { Button } from '../../../ui/design/button.tsx'
import { IconButton } from '../../../ui/design/icon-button.tsx'
import { Menu, MenuItem } from '../../../ui/design/menu.tsx'
import { tell, tellTrouble } from '../../../ui/design/toast.tsx'
import { forget } from '../../../ui/query.ts'
import { tellUndoable } from '../../history/web/undo.ts'
import { list_trip_members, list_trips, remove_trip_member, transfer_trip_ownership } from '../contract/index.ts'
import { useTrip } from './trip-context.tsx'

export type MemberRow = Output<typeof list_trip_members>['owner']

interface Props {
  member: MemberRow
  mayRemove: boolean
  /** Whether the person may transfer the trip. */
  mayGive: boolean
  onLeft(): void
}

/** A member with an account, and the actions on them. */
export function MemberLine({ member, mayRemove, mayGive, onLeft }: Props) {
  const { t } = useTranslation()
  const trip = useTrip()
  const me = useMe()
  const navigate = useNavigate()
  const [asking, setAsking] = useState<'leave' | 'give' | null>(null)
  const isMe = member.user_id === me.id
  const isOwner = member.role === 'owner'

  const trouble = (error: unknown) => tellTrouble(reasonOf(error))

  async function remove() {
    try {
      const answer = await call(remove_trip_member, { tripId: trip.id, memberId: member.user_id })
      tellUndoable(t('members.wasRemoved', { name: member.name }), answer, () => void forget(list_trip_members))
    } catch (error) {
      return trouble(error)
    }
    await forget(list_trip_members)
  }

  async function leave() {
    try {
      await call(remove_trip_member, { tripId: trip.id, memberId: me.id })
    } catch (error) {
      return trouble(error)
    }
    onLeft()
    tell(t('members.haveLeft', { title: trip.title }))
    await forget(list_trips)
    await navigate({ to: '/' })
  }

  async function give() {
    try {
      await call(transfer_trip_ownership, { tripId: trip.id, memberId: member.user_id })
    } catch (error) {
      return trouble(error)
    }
    setAsking(null)
    tell(t('members.wasGiven', { name: member.name }))
    await forget(list_trip_members, list_trips)
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
      {isOwner && <Badge tone="pine">{t('members.owner')}</Badge>}
      {isMe && !isOwner && (
        <Button size="small" icon={<LogOut size={14} aria-hidden="true" />} onClick={() => setAsking('leave')}>
          {t('members.leave')}
        </Button>
      )}
      {!isMe && !isOwner && (mayRemove || mayGive) && (
        <Menu
          trigger={
            <IconButton label={t('members.more', { name: member.name })} size="small">
              <MoreHorizontal size={16} aria-hidden="true" />
            </IconButton>
          }
        >
          {mayGive && (
            <MenuItem icon={<Crown size={16} />} onSelect={() => setAsking('give')}>
              {t('members.give')}
            </MenuItem>
          )}
          {mayRemove && (
            <MenuItem icon={<UserMinus size={16} />} danger onSelect={() => void remove()}>
              {t('members.remove')}
            </MenuItem>
          )}
        </Menu>
      )}
      <AskFirst
        open={asking === 'leave'}
        onClose={() => setAsking(null)}
        title={t('members.leaveTitle', { title: trip.title })}
        body={t('members.leaveBody')}
        action={t('members.leave')}
        onDo={leave}
      />
      <AskFirst
        open={asking === 'give'}
        onClose={() => setAsking(null)}
        title={t('members.giveTitle', { name: member.name })}
        body={t('members.giveBody', { name: member.name })}
        action={t('members.giveDo')}
        tone="primary"
        onDo={give}
      />
    </li>
  )
}
