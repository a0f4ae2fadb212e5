import { Plus } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { shownCategory } from '../../../ui/category.ts'
import { Button } from '../../../ui/design/button.tsx'
import { EmptyState } from '../../../ui/design/states.tsx'
import { useRows } from '../../../ui/live/hooks.tsx'
import { useRights } from '../../admin/web/instance.ts'
import { useMyRole } from '../../trips/web/members.ts'
import { CollabNote, collab_edit } from '../contract/index.ts'
import { Columns } from './columns.tsx'
import { NoteCard } from './note-card.tsx'
import { NoteDialog } from './note-dialog.tsx'
import { SectionTitle } from './section-title.tsx'

/** The notes of the group: pinned ones first, then the latest changed. */
export function NotesBoard() {
  const { t } = useTranslation()
  const rows = useRows(CollabNote)
  const mayWrite = useRights(useMyRole())(collab_edit)
  const [writing, setWriting] = useState(false)
  const [category, setCategory] = useState<string | null>(null)
  const notes = useMemo(
    () =>
      rows.toSorted(
        (a, b) =>
          Number(b.pinned) - Number(a.pinned) ||
          (a.updated_at < b.updated_at ? 1 : a.updated_at > b.updated_at ? -1 : a.id - b.id),
      ),
    [rows],
  )
  const categories = [...new Set(notes.map((note) => note.category))].toSorted((a, b) => a.localeCompare(b))
  const chosen = category !== null && categories.includes(category) ? category : null
  const shown = notes.filter((note) => chosen === null || note.category === chosen)

  return (
    <section aria-labelledby="notes-title">
      <SectionTitle id="notes-title" title={t('together.notes')} count={notes.length}>
        {mayWrite && (
          <Button size="small" icon={<Plus size={15} aria-hidden="true" />} onClick={() => setWriting(true)}>
            {t('together.newNote')}
          </Button>
        )}
      </SectionTitle>
      {categories.length > 1 && (
        <fieldset className="mb-3 flex flex-wrap gap-1.5">
          <legend className="sr-only">{t('together.category')}</legend>
          {[null, ...categories].map((option) => (
            <button
              key={option ?? ''}
              type="button"
              aria-pressed={option === chosen}
              onClick={() => setCategory(option)}
              className="h-7 max-w-48 truncate rounded-full border border-line bg-surface px-2.5 font-medium text-ink-soft text-xs transition-colors duration-(--fast) hover:border-line-strong hover:text-ink aria-pressed:border-pine aria-pressed:bg-pine-soft aria-pressed:text-pine-ink"
            >
              {option === null ? t('together.allNotes') : shownCategory(t, option)}
            </button>
          ))}
        </fieldset>
      )}
      {notes.length === 0 ? (
        <div className="rounded-lg border border-line border-dashed">
          <EmptyState compact title={t('together.noNotes')}>
            {t('together.noNotesBody')}
          </EmptyState>
        </div>
      ) : (
        <Columns
          least={256}
          items={shown.map((note) => ({
            key: note.id,
            card: <NoteCard note={note} mayWrite={mayWrite} categories={categories} />,
          }))}
        />
      )}
      <NoteDialog note={null} categories={categories} open={writing} onClose={() => setWriting(false)} />
    </section>
  )
}
