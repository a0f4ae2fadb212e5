import { Check, MoreHorizontal, Pencil, UserMinus, X } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call, reasonOf } from '../../../ui/call.ts'
import { AskFirst } from '../../../ui/design/ask-first.tsx'
import { Avatar } from '../../../ui/design/avatar.tsx'
import { TextField } from '../../../ui/design/field.tsx'
import { IconButton } from '../../../ui/design/icon-button.tsx'
import { Menu, MenuItem } from '../../../ui/design/menu.tsx'
import { tell, tellTrouble } from '../../../ui/design/toast.tsx'
import { useForm } from '../../../ui/form/form.ts'
import { Trouble } from '../../../ui/form/trouble.tsx'
import { forget } from '../../../ui/query.ts'
import { add_guest, list_trip_members, remove_guest, rename_guest } from '../contract/index.ts'
import { AddPerson } from './add-person.tsx'
import type { MemberRow } from './member-line.tsx'
import { useTrip } from './trip-context.tsx'

/** Travellers without an account. */
export function Guests({ guests, mayManage }: { guests: readonly MemberRow[]; mayManage: boolean }) {
  const { t } = useTranslation()
  return (
    <section aria-labelledby="guests" className="flex flex-col gap-3">
      <div>
        <h3 id="guests" className="title text-lg">
          {t('members.guests')}
        </h3>
        <p className="text-ink-soft">{t('members.guestsBody')}</p>
      </div>
      {guests.length > 0 && (
        <ul className="flex flex-col divide-y divide-line rounded-md border border-line bg-surface">
          {guests.map((guest) => (
            <GuestLine key={guest.user_id} guest={guest} mayManage={mayManage} />
          ))}
        </ul>
      )}
      {mayManage && <AddGuest />}
    </section>
  )
}

function AddGuest() {
  const { t } = useTranslation()
  const trip = useTrip()
  const form = useForm(add_guest, { name: '' })
  return (
    <AddPerson
      label={t('members.guestName')}
      action={t('members.addGuest')}
      trouble={form.trouble}
      busy={form.busy}
      add={() => form.submit({ tripId: trip.id, name: form.values.name })}
      {...form.bind('name')}
    />
  )
}

function GuestLine({ guest, mayManage }: { guest: MemberRow; mayManage: boolean }) {
  const { t } = useTranslation()
  const trip = useTrip()
  const [state, setState] = useState<'renaming' | 'removing' | null>(null)

  async function remove() {
    try {
      await call(remove_guest, { tripId: trip.id, guestId: guest.user_id })
    } catch (error) {
      return tellTrouble(reasonOf(error))
    }
    setState(null)
    tell(t('members.wasRemoved', { name: guest.name }))
    await forget(list_trip_members)
  }

  return (
    <li className="flex min-h-13 items-center gap-3 px-3 py-2">
      <Avatar name={guest.name} userId={guest.user_id} />
      {state === 'renaming' ? (
        <RenameGuest guest={guest} onDone={() => setState(null)} />
      ) : (
        <p className="min-w-0 flex-1 truncate font-medium">{guest.name}</p>
      )}
      {mayManage && state !== 'renaming' && (
        <Menu
          trigger={
            <IconButton label={t('members.more', { name: guest.name })} size="small">
              <MoreHorizontal size={16} aria-hidden="true" />
            </IconButton>
          }
        >
          <MenuItem icon={<Pencil size={16} />} onSelect={() => setState('renaming')}>
            {t('members.rename')}
          </MenuItem>
          <MenuItem icon={<UserMinus size={16} />} danger onSelect={() => setState('removing')}>
            {t('members.removeGuest')}
          </MenuItem>
        </Menu>
      )}
      <AskFirst
        open={state === 'removing'}
        onClose={() => setState(null)}
        title={t('members.removeGuestTitle', { name: guest.name })}
        body={t('members.removeGuestBody')}
        action={t('members.remove')}
        onDo={remove}
      />
    </li>
  )
}

function RenameGuest({ guest, onDone }: { guest: MemberRow; onDone(): void }) {
  const { t } = useTranslation()
  const trip = useTrip()
  const form = useForm(rename_guest, { name: guest.name })

  async function submit(event: FormEvent) {
    event.preventDefault()
    const renamed = await form.submit(({ name }) => ({ tripId: trip.id, guestId: guest.user_id, name }))
    if (!renamed) return
    await forget(list_trip_members)
    onDone()
  }

  return (
    <form onSubmit={submit} noValidate className="flex min-w-0 flex-1 flex-col gap-2">
      <Trouble form={form} />
      <div className="flex items-end gap-1">
        <TextField label={t('members.guestName')} autoFocus className="flex-1" {...form.bind('name')} />
        <IconButton type="submit" label={t('save')} disabled={form.busy}>
          <Check size={17} aria-hidden="true" />
        </IconButton>
        <IconButton label={t('cancel')} onClick={onDone}>
          <X size={17} aria-hidden="true" />
        </IconButton>
      </div>
    </form>
  )
}
