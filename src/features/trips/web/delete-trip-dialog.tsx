import { useTranslation } from 'react-i18next'
import { DELETED_KEPT_DAYS } from '../../../core/declare/retention.ts'
import { Button } from '../../../ui/design/button.tsx'
import { Dialog, DialogActions } from '../../../ui/design/dialog.tsx'
import { tell } from '../../../ui/design/toast.tsx'
import { useForm } from '../../../ui/form/form.ts'
import { Trouble } from '../../../ui/form/trouble.tsx'
import { forget } from '../../../ui/query.ts'
import { list_deleted_trips } from '../../history/contract/index.ts'
import { delete_trip, list_trips, type TripCard } from '../contract/index.ts'
import { useRestoreTrip } from './restoring.ts'

interface Props {
  trip: Pick<TripCard, 'id' | 'title' | 'role'>
  open: boolean
  onClose(): void
  onDeleted?(): void
}

/** A deleted trip is gone for everybody until its owner restores it, so this asks first. */
export function DeleteTripDialog({ trip, open, onClose, onDeleted }: Props) {
  const { t } = useTranslation()
  const form = useForm(delete_trip, {})
  const restore = useRestoreTrip()
  const isOwner = trip.role === 'owner'

  async function remove() {
    if (!(await form.submit({ tripId: trip.id }))) return
    onClose()
    onDeleted?.()
    const undo = isOwner ? { label: t('undo'), run: () => void restore(trip) } : undefined
    tell(t('trips.wasDeleted', { title: trip.title }), undo)
    await forget(list_trips, list_deleted_trips)
  }

  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={t('trips.deleteTitle', { title: trip.title })}
      description={t(isOwner ? 'trips.deleteBody' : 'trips.deleteBodyOfOthers', { days: DELETED_KEPT_DAYS })}
    >
      <Trouble form={form} />
      <DialogActions>
        <Button onClick={onClose}>{t('trips.keep')}</Button>
        <Button tone="danger" busy={form.busy} onClick={remove}>
          {t('trips.deleteForAll')}
        </Button>
      </DialogActions>
    </Dialog>
  )
}
