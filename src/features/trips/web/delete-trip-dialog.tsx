import { useTranslation } from 'react-i18next'
import { Button } from '../../../ui/design/button.tsx'
import { Dialog, DialogActions } from '../../../ui/design/dialog.tsx'
import { tell } from '../../../ui/design/toast.tsx'
import { useForm } from '../../../ui/form/form.ts'
import { Trouble } from '../../../ui/form/trouble.tsx'
import { forget } from '../../../ui/query.ts'
import { delete_trip, list_trips } from '../contract/index.ts'

interface Props {
  trip: { id: number; title: string }
  open: boolean
  onClose(): void
  onDeleted?(): void
}

/** A deleted trip is gone for everybody, so this asks first. */
export function DeleteTripDialog({ trip, open, onClose, onDeleted }: Props) {
  const { t } = useTranslation()
  const form = useForm(delete_trip, {})

  async function remove() {
    if (!(await form.submit({ tripId: trip.id }))) return
    onClose()
    onDeleted?.()
    tell(t('trips.wasDeleted', { title: trip.title }))
    await forget(list_trips)
  }

  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={t('trips.deleteTitle', { title: trip.title })}
      description={t('trips.deleteBody')}
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
