import { Trash2, Undo2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DELETED_KEPT_DAYS } from '../../../core/declare/retention.ts'
import { calendarDay, dateRange } from '../../../ui/dates.ts'
import { Button } from '../../../ui/design/button.tsx'
import { Dialog } from '../../../ui/design/dialog.tsx'
import { useRead } from '../../../ui/query.ts'
import { useRights } from '../../admin/web/instance.ts'
import { type DeletedTrip, list_deleted_trips } from '../../history/contract/index.ts'
import { trip_delete } from '../contract/index.ts'
import { useRestoreTrip } from './restoring.ts'

/** The way to the deleted trips that can be restored, if there are any. */
export function DeletedTrips() {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const may = useRights('owner')
  const trips = useRead(list_deleted_trips, {}).data?.trips ?? []
  if (!may(trip_delete) || (!trips.length && !open)) return null
  return (
    <>
      <button
        type="button"
        onClick={() => setOpen(true)}
        className="mt-12 flex items-center gap-1.5 rounded-sm font-medium text-ink-soft hover:text-ink"
      >
        <Trash2 size={16} aria-hidden="true" />
        {t('trips.deleted', { count: trips.length })}
      </button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title={t('trips.deletedTitle')}
        description={t('trips.deletedBody', { days: DELETED_KEPT_DAYS })}
        wide
      >
        {trips.length ? (
          <ul className="divide-y divide-line rounded-lg border border-line bg-surface">
            {trips.map((trip) => (
              <Line key={trip.id} trip={trip} />
            ))}
          </ul>
        ) : (
          <p className="text-ink-soft">{t('trips.noneDeleted')}</p>
        )}
      </Dialog>
    </>
  )
}

function Line({ trip }: { trip: DeletedTrip }) {
  const { t } = useTranslation()
  const [busy, setBusy] = useState(false)
  const restoreTrip = useRestoreTrip()
  const { title, start_date, end_date, deleted_at, deleted_by, restorable_until } = trip
  const day = calendarDay(deleted_at)

  async function restore() {
    setBusy(true)
    await restoreTrip(trip)
    setBusy(false)
  }

  return (
    <li className="flex items-center gap-3 px-3 py-2.5 sm:gap-4 sm:px-4">
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">{title}</p>
        <p className="figures text-ink-soft text-sm">
          {start_date && end_date ? dateRange(start_date, end_date) : t('trips.noDates')}
        </p>
        <p className="figures text-ink-faint text-sm">
          {[
            deleted_by ? t('trips.deletedOnBy', { day, name: deleted_by }) : t('trips.deletedOn', { day }),
            t('trips.restorableUntil', { day: calendarDay(restorable_until) }),
          ].join(' · ')}
        </p>
      </div>
      <Button
        size="small"
        busy={busy}
        icon={<Undo2 size={15} aria-hidden="true" />}
        aria-label={t('trips.restoreDeletedNamed', { title })}
        onClick={() => void restore()}
      >
        {t('trips.restoreDeleted')}
      </Button>
    </li>
  )
}
