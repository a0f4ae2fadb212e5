import { useNavigate } from '@tanstack/react-router'
import { Archive, ArchiveRestore, Trash2 } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../web/design/button.tsx'
import { Dialog, DialogActions } from '../../../web/design/dialog.tsx'
import { tell } from '../../../web/design/toast.tsx'
import { textOrNull, useForm } from '../../../web/form/form.ts'
import { Trouble } from '../../../web/form/trouble.tsx'
import { patched, useAct } from '../../../web/live/act.ts'
import { usePlanner } from '../../../web/planner/planner.tsx'
import { forget } from '../../../web/query.ts'
import { list_trips, Trip, update_trip } from '../contract.ts'
import { DeleteTripDialog } from './delete-trip-dialog.tsx'
import { type LostDay, LostDays } from './lost-days.tsx'
import { TripFields, type TripValues } from './trip-fields.tsx'

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
  const { trip } = usePlanner()
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
    const { title, currency, ...rest } = form.values
    const saved = await form.submit({
      tripId: trip.id,
      title,
      currency,
      description: textOrNull(rest.description),
      start_date: textOrNull(rest.start_date),
      end_date: textOrNull(rest.end_date),
      ...(shrink && { shrink }),
    })
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
      <Trouble text={form.trouble} />
      <TripFields values={form.values} set={form.set} error={form.error} />
      <DialogActions>
        <EndOfTrip onClose={onClose} />
        <Button onClick={onClose}>{t('cancel')}</Button>
        <Button type="submit" tone="primary" busy={form.busy}>
          {t('save')}
        </Button>
      </DialogActions>
    </form>
  )
}

/** Putting the trip away, or deleting it. */
function EndOfTrip({ onClose }: { onClose(): void }) {
  const { t } = useTranslation()
  const { trip } = usePlanner()
  const act = useAct()
  const navigate = useNavigate()
  const [deleting, setDeleting] = useState(false)

  async function archive(is_archived: boolean, isUndo: boolean) {
    if (!(await act(update_trip, { tripId: trip.id, is_archived }, [patched(Trip, trip.id, { is_archived })]))) return
    onClose()
    void forget(list_trips)
    if (isUndo) return
    tell(t(is_archived ? 'trips.wasArchived' : 'trips.wasRestored', { title: trip.title }), {
      undo: () => void archive(!is_archived, true),
      undoLabel: t('undo'),
    })
  }

  return (
    <div className="mr-auto flex gap-1 max-sm:order-last max-sm:mt-1 max-sm:basis-full max-sm:justify-end">
      <Button
        tone="plain"
        className="px-3"
        icon={
          trip.is_archived ? <ArchiveRestore size={16} aria-hidden="true" /> : <Archive size={16} aria-hidden="true" />
        }
        onClick={() => void archive(!trip.is_archived, false)}
      >
        {trip.is_archived ? t('trips.restore') : t('trips.archive')}
      </Button>
      <Button
        tone="plain"
        className="px-3 text-signal-ink"
        icon={<Trash2 size={16} aria-hidden="true" />}
        onClick={() => setDeleting(true)}
      >
        {t('delete')}
      </Button>
      <DeleteTripDialog
        trip={trip}
        open={deleting}
        onClose={() => setDeleting(false)}
        onDeleted={() => void navigate({ to: '/' })}
      />
    </div>
  )
}
