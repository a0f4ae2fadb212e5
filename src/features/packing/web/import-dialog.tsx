import type { FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../ui/design/button.tsx'
import { Checkbox } from '../../../ui/design/checkbox.tsx'
import { Dialog, DialogActions } from '../../../ui/design/dialog.tsx'
import { TextArea } from '../../../ui/design/field.tsx'
import { useForm } from '../../../ui/form/form.ts'
import { Trouble } from '../../../ui/form/trouble.tsx'
import { useTrip } from '../../trips/web/trip-context.tsx'
import { readList } from '../contract/checklist.ts'
import { bulk_import_packing } from '../contract/index.ts'
import { useTellAdded } from './bulk.ts'

/** Imports a list written elsewhere. */
export function ImportDialog({ open, onClose }: { open: boolean; onClose(): void }) {
  const { t } = useTranslation()
  return (
    <Dialog open={open} onClose={onClose} title={t('packing.paste')} description={t('packing.pasteBody')} wide>
      <ImportForm onClose={onClose} />
    </Dialog>
  )
}

function ImportForm({ onClose }: { onClose(): void }) {
  const { t } = useTranslation()
  const trip = useTrip()
  const tellAdded = useTellAdded()
  const form = useForm(bulk_import_packing, { text: '', mine: false })
  const { values } = form
  const read = readList(values.text)
  const categories = new Set(read.map(({ category }) => category ?? '')).size

  async function submit(event: FormEvent) {
    event.preventDefault()
    const visibility = values.mine ? ('personal' as const) : ('common' as const)
    const added = await form.submit({ tripId: trip.id, items: read.map((item) => ({ ...item, visibility })) })
    if (!added) return
    tellAdded(added)
    onClose()
  }

  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <Trouble form={form} />
      <TextArea
        label={t('packing.list')}
        rows={10}
        placeholder={t('packing.pasteExample')}
        {...form.bind('text', 'items')}
        note={
          read.length > 0
            ? t('packing.willAdd', {
                items: t('packing.items', { count: read.length }),
                categories: t('packing.categories', { count: categories }),
              })
            : t('packing.pasteNote')
        }
      />
      <Checkbox label={t('packing.onlyForMe')} {...form.bind('mine', 'items')} />
      <DialogActions>
        <Button onClick={onClose}>{t('cancel')}</Button>
        <Button type="submit" tone="primary" busy={form.busy} disabled={read.length === 0}>
          {t('packing.addCount', { count: read.length })}
        </Button>
      </DialogActions>
    </form>
  )
}
