import { useNavigate } from '@tanstack/react-router'
import type { FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../ui/design/button.tsx'
import { Dialog, DialogActions } from '../../../ui/design/dialog.tsx'
import { textOrNull, useForm } from '../../../ui/form/form.ts'
import { Trouble } from '../../../ui/form/trouble.tsx'
import { useRows } from '../../../ui/live/hooks.tsx'
import { forget } from '../../../ui/query.ts'
import { useRights } from '../../admin/web/instance.ts'
import { list_trips, TripMember, trip_cover_upload, update_trip } from '../contract/index.ts'
import { tripRoleOf } from '../contract/roles.ts'
import { CoverField } from './cover-field.tsx'
import { type LostDay, LostDays } from './lost-days.tsx'
import { useMyRole } from './members.ts'
import { useTrip } from './trip-context.tsx'
import { TripFields, type TripValues } from './trip-fields.tsx'
import { TripMenu } from './trip-menu.tsx'

export function TripSettingsDialog({ open, onClose }: { open: boolean; onClose(): void }) {
  const { t } = useTranslation()
  return (
    <Dialog open={open} onClose={onClose} title={t('trip.settings')}>
      <TripSettings onClose={onClose} />
    </Dialog>
  )
}

function TripSettings({ onClose }: { onClose(): void }) {
  const { t } = useTranslation()
  const trip = useTrip()
  const role = useMyRole()
  const may = useRights(role)
  const travellers = useRows(TripMember).length
  const navigate = useNavigate()
  const values: TripValues = {
    title: trip.title,
    description: trip.description ?? '',
    start_date: trip.start_date ?? '',
    end_date: trip.end_date ?? '',
    currency: trip.currency,
  }
  const form = useForm(update_trip, values)
  const lost = form.refusal?.code === 'conflict' ? (form.refusal.details.days as LostDay[] | undefined) : undefined

  async function save(shrink?: 'keep_undated' | 'delete') {
    const inputOf = ({ title, currency, ...rest }: TripValues) => ({
      tripId: trip.id,
      title,
      currency,
      description: textOrNull(rest.description),
      start_date: textOrNull(rest.start_date),
      end_date: textOrNull(rest.end_date),
    })
    const saved = await form.submit({ ...inputOf(form.values), ...(shrink && { shrink }) }, inputOf(form.opened))
    if (!saved) return
    onClose()
    await forget(list_trips)
  }

  if (lost?.length)
    return <LostDays days={lost} busy={form.busy} onChoose={(shrink) => void save(shrink)} onClose={onClose} />
  return (
    <form
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        void save()
      }}
      noValidate
      className="flex flex-col gap-4"
    >
      {may(trip_cover_upload) && <CoverField trip={trip} />}
      <Trouble form={form} />
      <TripFields form={form} />
      <DialogActions>
        <div className="mr-auto">
          <TripMenu
            trip={{ ...trip, role: tripRoleOf(role), member_count: travellers }}
            align="start"
            onArchived={onClose}
            onDeleted={() => void navigate({ to: '/' })}
          />
        </div>
        <Button onClick={onClose}>{t('cancel')}</Button>
        <Button type="submit" tone="primary" busy={form.busy}>
          {t('save')}
        </Button>
      </DialogActions>
    </form>
  )
}
