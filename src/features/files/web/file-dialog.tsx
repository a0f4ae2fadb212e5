import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Checkbox } from '../../../ui/design/checkbox.tsx'
import { Dialog } from '../../../ui/design/dialog.tsx'
import { TextArea, TextField } from '../../../ui/design/field.tsx'
import { SearchField } from '../../../ui/design/search-field.tsx'
import { textOrNull, useForm } from '../../../ui/form/form.ts'
import { FormActions } from '../../../ui/form/form-actions.tsx'
import { Trouble } from '../../../ui/form/trouble.tsx'
import { useRows } from '../../../ui/live/hooks.tsx'
import { usePlanner } from '../../plan/web/planner.tsx'
import { Reservation } from '../../reservations/contract/index.ts'
import { type TripFileRow, update_file } from '../contract/index.ts'

interface Props {
  file: TripFileRow | null
  onClose(): void
}

/** The name and the links of a file. */
export function FileDialog({ file, onClose }: Props) {
  const { t } = useTranslation()
  return (
    <Dialog open={file !== null} onClose={onClose} title={t('files.edit')}>
      {file && <FileForm key={file.id} file={file} onClose={onClose} />}
    </Dialog>
  )
}

function FileForm({ file, onClose }: { file: TripFileRow; onClose(): void }) {
  const { t } = useTranslation()
  const { places } = usePlanner()
  const bookings = useRows(Reservation)
  const form = useForm(update_file, {
    name: file.name,
    description: file.description ?? '',
    place_ids: file.place_ids,
    reservation_ids: file.reservation_ids,
  })

  async function submit(event: FormEvent) {
    event.preventDefault()
    const saved = await form.submit(({ description, ...rest }) => ({
      tripId: file.trip_id,
      fileId: file.id,
      ...rest,
      description: textOrNull(description),
    }))
    if (saved) onClose()
  }

  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <Trouble form={form} />
      <TextField label={t('files.name')} {...form.bind('name')} />
      <TextArea label={t('files.description')} hint={t('form.optional')} {...form.bind('description')} />
      <Links
        label={t('files.bookings')}
        rows={bookings.map(({ id, title }) => ({ id, name: title }))}
        {...form.bind('reservation_ids')}
      />
      <Links label={t('files.places')} rows={places} {...form.bind('place_ids')} />
      <FormActions submit={t('save')} busy={form.busy} onCancel={onClose} />
    </form>
  )
}

/** From this number on, there is a search field. */
const MANY = 7

interface LinksProps {
  label: string
  rows: readonly { id: number; name: string }[]
  value: readonly number[]
  onChange(ids: number[]): void
}

function Links({ label, rows, value: chosen, onChange }: LinksProps) {
  const { t } = useTranslation()
  const [search, setSearch] = useState('')
  // What was chosen when the dialog opened comes first and stays there.
  const [first] = useState(chosen)
  if (!rows.length) return null
  const wanted = search.trim().toLowerCase()
  const shown = rows
    .filter(({ name }) => name.toLowerCase().includes(wanted))
    .toSorted((a, b) => Number(first.includes(b.id)) - Number(first.includes(a.id)) || a.name.localeCompare(b.name))
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="mb-1.5 font-medium text-sm">{label}</legend>
      {rows.length >= MANY && (
        <SearchField label={t('files.searchIn', { what: label })} value={search} onChange={setSearch} className="h-9" />
      )}
      <div className="quiet-scroll flex max-h-44 flex-col gap-3 rounded-md border border-line bg-surface p-3">
        {shown.map(({ id, name }) => (
          <Checkbox
            key={id}
            label={name}
            checked={chosen.includes(id)}
            onChange={(on) => onChange(on ? [...chosen, id] : chosen.filter((other) => other !== id))}
          />
        ))}
        {!shown.length && <p className="text-ink-faint text-sm">{t('files.noneFound')}</p>}
      </div>
    </fieldset>
  )
}
