import { useNavigate } from '@tanstack/react-router'
import type { FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { addDays, daysBetween } from '../../../core/declare/dates.ts'
import type { Row } from '../../../core/declare/entity.ts'
import { dateRange } from '../../../ui/dates.ts'
import { Checkbox } from '../../../ui/design/checkbox.tsx'
import { Dialog } from '../../../ui/design/dialog.tsx'
import { TextField } from '../../../ui/design/field.tsx'
import { useForm } from '../../../ui/form/form.ts'
import { FormActions } from '../../../ui/form/form-actions.tsx'
import { Trouble } from '../../../ui/form/trouble.tsx'
import { forget } from '../../../ui/query.ts'
import { copy_trip, list_trips, type Trip } from '../contract/index.ts'

type Original = Pick<Row<typeof Trip>, 'id' | 'title' | 'start_date' | 'end_date'>

interface Props {
  trip: Original
  /** Whether others are in it, who could be copied too. */
  accompanied: boolean
  open: boolean
  onClose(): void
}

/** Copies the plan, for oneself or for everybody, optionally to another date. */
export function CopyTripDialog({ trip, accompanied, open, onClose }: Props) {
  const { t } = useTranslation()
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={t('trips.copyTitle', { title: trip.title })}
      description={t('trips.copyBody')}
    >
      <CopyTripForm trip={trip} accompanied={accompanied} onClose={onClose} />
    </Dialog>
  )
}

function CopyTripForm({ trip, accompanied, onClose }: Omit<Props, 'open'>) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const form = useForm(copy_trip, {
    title: t('trips.copyOf', { title: trip.title }).slice(0, 200),
    start_date: trip.start_date ?? '',
    with_members: false,
  })
  const { title, start_date, with_members } = form.values
  const lastDay =
    trip.start_date && trip.end_date && start_date
      ? addDays(start_date, daysBetween(trip.start_date, trip.end_date))
      : null

  async function submit(event: FormEvent) {
    event.preventDefault()
    const made = await form.submit({
      tripId: trip.id,
      title,
      with_members,
      ...(start_date && start_date !== trip.start_date && { start_date }),
    })
    if (!made) return
    onClose()
    await forget(list_trips)
    await navigate({ to: '/trips/$tripId', params: { tripId: String(made.trip.id) } })
  }

  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <Trouble form={form} />
      <TextField label={t('trip.name')} autoFocus {...form.bind('title')} />
      {trip.start_date && (
        <TextField
          label={t('trip.firstDay')}
          type="date"
          note={lastDay && <span className="figures">{dateRange(start_date, lastDay)}</span>}
          {...form.bind('start_date')}
        />
      )}
      {accompanied && (
        <div className="flex flex-col gap-1.5">
          <Checkbox label={t('trips.copyWithMembers')} {...form.bind('with_members')} />
          <p className="pl-7.5 text-ink-faint text-xs">
            {with_members ? t('trips.copyWithMembersNote') : t('trips.copyWithoutMembersNote')}
          </p>
        </div>
      )}
      <FormActions submit={t('trips.copyDo')} busy={form.busy} onCancel={onClose} />
    </form>
  )
}
