import { useTranslation } from 'react-i18next'
import { Dialog } from '../../../ui/design/dialog.tsx'
import { ErrorState, Skeleton } from '../../../ui/design/states.tsx'
import { useForm } from '../../../ui/form/form.ts'
import { useRights } from '../../admin/web/instance.ts'
import { add_trip_member, member_manage } from '../contract/index.ts'
import { AddPerson } from './add-person.tsx'
import { Guests } from './guests.tsx'
import { MemberLine } from './member-line.tsx'
import { useMembers, useMyRole } from './members.ts'
import { useTrip } from './trip-context.tsx'

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
  const trip = useTrip()
  const form = useForm(add_trip_member, { identifier: '' })
  return (
    <AddPerson
      label={t('members.identifier')}
      action={t('members.add')}
      primary
      autoCapitalize="none"
      spellCheck={false}
      trouble={form.trouble}
      busy={form.busy}
      add={() => form.submit({ tripId: trip.id, identifier: form.values.identifier })}
      {...form.bind('identifier')}
    />
  )
}
