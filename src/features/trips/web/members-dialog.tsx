import { UserPlus } from 'lucide-react'
import type { FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../web/design/button.tsx'
import { Dialog } from '../../../web/design/dialog.tsx'
import { TextField } from '../../../web/design/field.tsx'
import { ErrorState, Skeleton } from '../../../web/design/states.tsx'
import { tell } from '../../../web/design/toast.tsx'
import { useForm } from '../../../web/form/form.ts'
import { Trouble } from '../../../web/form/trouble.tsx'
import { useRights } from '../../../web/instance.ts'
import { useMembers, useMyRole } from '../../../web/planner/members.ts'
import { usePlanner } from '../../../web/planner/planner.tsx'
import { forget } from '../../../web/query.ts'
import { add_trip_member, list_trip_members, member_manage } from '../contract.ts'
import { Guests } from './guests.tsx'
import { MemberLine } from './member-line.tsx'

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
  const role = useMyRole()
  const may = useRights(role)
  if (members.isPending) return <Skeleton className="h-32" />
  if (members.isError) return <ErrorState error={members.error} onRetry={() => void members.refetch()} />
  const { owner, members: others } = members.data
  const guests = others.filter((member) => member.role === 'guest')
  return (
    <div className="flex flex-col gap-6">
      {may(member_manage) && <AddMember />}
      <ul className="flex flex-col divide-y divide-line rounded-md border border-line bg-surface">
        {[owner, ...others.filter((member) => member.role !== 'guest')].map((member) => (
          <MemberLine
            key={member.user_id}
            member={member}
            mayRemove={may(member_manage)}
            mayGive={role === 'owner'}
            onLeft={onClose}
          />
        ))}
      </ul>
      {(guests.length > 0 || may(member_manage)) && <Guests guests={guests} mayManage={may(member_manage)} />}
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
