import { useNavigate } from '@tanstack/react-router'
import { Archive, ArchiveRestore, Copy, MoreHorizontal, Trash2 } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../web/design/button.tsx'
import { Dialog, DialogActions } from '../../../web/design/dialog.tsx'
import { IconButton } from '../../../web/design/icon-button.tsx'
import { Menu, MenuItem } from '../../../web/design/menu.tsx'
import { tell } from '../../../web/design/toast.tsx'
import { textOrNull, useForm } from '../../../web/form/form.ts'
import { Trouble } from '../../../web/form/trouble.tsx'
import { useRights } from '../../../web/instance.ts'
import { patched, useAct } from '../../../web/live/act.ts'
import { useRows } from '../../../web/live/hooks.tsx'
import { useMyRole } from '../../../web/planner/members.ts'
import { usePlanner } from '../../../web/planner/planner.tsx'
import { forget } from '../../../web/query.ts'
import {
  list_trips,
  Trip,
  TripMember,
  trip_archive,
  trip_cover_upload,
  trip_create,
  trip_delete,
  update_trip,
} from '../contract.ts'
import { CopyTripDialog } from './copy-trip-dialog.tsx'
import { CoverField } from './cover-field.tsx'
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
  const may = useRights(useMyRole())
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
      {may(trip_cover_upload) && <CoverField trip={trip} />}
      <Trouble text={form.trouble} />
      <TripFields values={form.values} set={form.set} error={form.error} />
      <DialogActions>
        <MoreForTrip onClose={onClose} />
        <Button onClick={onClose}>{t('cancel')}</Button>
        <Button type="submit" tone="primary" busy={form.busy}>
          {t('save')}
        </Button>
      </DialogActions>
    </form>
  )
}

/** What else there is to do with the trip: to copy it, to put it away, to delete it. */
function MoreForTrip({ onClose }: { onClose(): void }) {
  const { t } = useTranslation()
  const { trip } = usePlanner()
  const accompanied = useRows(TripMember).length > 1
  const may = useRights(useMyRole())
  const act = useAct()
  const navigate = useNavigate()
  const [open, setOpen] = useState<'copy' | 'delete' | null>(null)

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
    <div className="mr-auto">
      <Menu
        align="start"
        trigger={
          <IconButton label={t('trips.more', { title: trip.title })}>
            <MoreHorizontal size={18} aria-hidden="true" />
          </IconButton>
        }
      >
        {may(trip_create) && (
          <MenuItem icon={<Copy size={16} />} onSelect={() => setOpen('copy')}>
            {t('trips.copy')}
          </MenuItem>
        )}
        {may(trip_archive) && (
          <MenuItem
            icon={trip.is_archived ? <ArchiveRestore size={16} /> : <Archive size={16} />}
            onSelect={() => void archive(!trip.is_archived, false)}
          >
            {t(trip.is_archived ? 'trips.restore' : 'trips.archive')}
          </MenuItem>
        )}
        {may(trip_delete) && (
          <MenuItem icon={<Trash2 size={16} />} danger onSelect={() => setOpen('delete')}>
            {t('trips.delete')}
          </MenuItem>
        )}
      </Menu>
      <CopyTripDialog trip={trip} accompanied={accompanied} open={open === 'copy'} onClose={() => setOpen(null)} />
      <DeleteTripDialog
        trip={trip}
        open={open === 'delete'}
        onClose={() => setOpen(null)}
        onDeleted={() => void navigate({ to: '/' })}
      />
    </div>
  )
}
