import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { shownCategory, storedCategory, typedCategory } from '../../../ui/category.ts'
import { Checkbox } from '../../../ui/design/checkbox.tsx'
import { Dialog } from '../../../ui/design/dialog.tsx'
import { TextArea, TextField } from '../../../ui/design/field.tsx'
import { MarkdownText } from '../../../ui/design/markdown-text.tsx'
import { Segmented } from '../../../ui/design/segmented.tsx'
import { textOrNull, useForm } from '../../../ui/form/form.ts'
import { FormActions } from '../../../ui/form/form-actions.tsx'
import { Trouble } from '../../../ui/form/trouble.tsx'
import type { WireRow } from '../../../ui/live/frames.ts'
import { useSpaceRows } from '../../../ui/live/hooks.tsx'
import { useTrip } from '../../trips/web/trip-context.tsx'
import { CollabNote, create_collab_note, type NoteRow, update_collab_note } from '../contract/index.ts'

interface Props {
  /** The note to change, or null for a new one. */
  note: NoteRow | null
  categories: readonly string[]
  open: boolean
  onClose(): void
}

/** The colours on offer, by name; over the API a note can have any colour. */
const COLOURS = {
  indigo: '#6366f1',
  pine: '#2f7a5f',
  amber: '#d69a2d',
  vermilion: '#e4572e',
  sky: '#3b82b8',
  plum: '#9a4a72',
}

export function NoteDialog({ note, categories, open, onClose }: Props) {
  const { t } = useTranslation()
  return (
    <Dialog wide open={open} onClose={onClose} title={note ? t('together.editNote') : t('together.newNote')}>
      <NoteForm note={note} categories={categories} onClose={onClose} />
    </Dialog>
  )
}

interface NoteValues {
  title: string
  content: string
  category: string
  website: string
  color: string
  pinned: boolean
}

function NoteForm({ note, categories, onClose }: Omit<Props, 'open'>) {
  const { t } = useTranslation()
  const trip = useTrip()
  const rows = useSpaceRows()
  const list = useId()
  const [view, setView] = useState<'write' | 'read'>('write')
  const form = useForm<typeof update_collab_note | typeof create_collab_note, NoteValues>(
    note ? update_collab_note : create_collab_note,
    {
      title: note?.title ?? '',
      content: note?.content ?? '',
      category: typedCategory(note?.category ?? ''),
      website: note?.website ?? '',
      color: note?.color ?? COLOURS.indigo,
      pinned: note?.pinned ?? false,
    },
  )
  const text = form.bind('content')

  async function submit(event: FormEvent) {
    event.preventDefault()
    const saved = await form.submit(({ title, content, website, category, color, pinned }) => ({
      tripId: trip.id,
      ...(note && { noteId: note.id }),
      title,
      content: textOrNull(content),
      website: textOrNull(website),
      category: storedCategory(t, category),
      color,
      pinned,
    }))
    if (!saved) return
    if (!note) rows.adopt(CollabNote.name, saved.note as unknown as WireRow)
    onClose()
  }

  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <Trouble form={form} />
      <TextField label={t('together.noteTitle')} {...form.bind('title')} />
      <div className="flex flex-col gap-2">
        {view === 'write' ? (
          <TextArea label={t('together.noteText')} hint={t('together.markdown')} rows={9} {...text} />
        ) : (
          <section aria-label={t('together.preview')} className="min-h-54 rounded-md border border-line bg-surface p-3">
            <MarkdownText text={text.value} />
          </section>
        )}
        {text.value.trim() !== '' && (
          <Segmented
            label={t('together.noteText')}
            value={view}
            choices={[
              { value: 'write', label: t('together.write') },
              { value: 'read', label: t('together.preview') },
            ]}
            onChange={setView}
          />
        )}
      </div>
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label={t('together.category')}
          hint={t('form.optional')}
          list={list}
          placeholder={t('category.general')}
          {...form.bind('category')}
          // A note without a category gets the one of the placeholder.
          aria-required={false}
        />
        <datalist id={list}>
          {categories.map((category) => (
            <option key={category} value={shownCategory(t, category)} />
          ))}
        </datalist>
        <TextField
          label={t('together.website')}
          hint={t('form.optional')}
          type="url"
          placeholder="https://"
          {...form.bind('website')}
        />
      </div>
      <Colours {...form.bind('color')} />
      <Checkbox label={t('together.pinToTop')} {...form.bind('pinned')} />
      <FormActions submit={note ? t('save') : t('together.addNote')} busy={form.busy} onCancel={onClose} />
    </form>
  )
}

function Colours({ value, onChange }: { value: string; onChange(color: string): void }) {
  const { t } = useTranslation()
  return (
    <fieldset>
      <legend className="mb-2 font-medium text-sm">{t('together.color')}</legend>
      <div className="flex flex-wrap gap-2">
        {Object.entries(COLOURS).map(([name, color]) => (
          <button
            key={name}
            type="button"
            aria-label={t(`together.colors.${name}`)}
            aria-pressed={value.toLowerCase() === color}
            onClick={() => onChange(color)}
            className="size-9 rounded-full border-4 border-paper outline-offset-0 aria-pressed:ring-2 aria-pressed:ring-ink"
            style={{ backgroundColor: color }}
          />
        ))}
      </div>
    </fieldset>
  )
}
