import { useNavigate } from '@tanstack/react-router'
import type { FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../../ui/design/dialog.tsx'
import { textOrNull, useForm } from '../../../ui/form/form.ts'
import { FormActions } from '../../../ui/form/form-actions.tsx'
import { Trouble } from '../../../ui/form/trouble.tsx'
import { forget } from '../../../ui/query.ts'
import { create_trip, list_trips } from '../contract/index.ts'
import { TripFields, type TripValues } from './trip-fields.tsx'

export function CreateTripDialog({ open, onClose }: { open: boolean; onClose(): void }) {
  const { t } = useTranslation()
  return (
    <Dialog open={open} onClose={onClose} title={t('trips.new')} description={t('trips.newBody')}>
      <CreateTripForm onClose={onClose} />
    </Dialog>
  )
}

const BLANK: TripValues = { title: '', description: '', start_date: '', end_date: '', currency: 'EUR' }

function CreateTripForm({ onClose }: { onClose(): void }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const form = useForm(create_trip, BLANK)

  async function submit(event: FormEvent) {
    event.preventDefault()
    const { title, description, start_date, end_date, currency } = form.values
    const made = await form.submit({
      title,
      currency,
      description: textOrNull(description),
      start_date: textOrNull(start_date),
      end_date: textOrNull(end_date),
    })
    if (!made) return
    await forget(list_trips)
    await navigate({ to: '/trips/$tripId', params: { tripId: String(made.trip.id) } })
  }

  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <Trouble form={form} />
      <TripFields form={form} autoFocus />
      <FormActions submit={t('trips.create')} busy={form.busy} onCancel={onClose} />
    </form>
  )
}
