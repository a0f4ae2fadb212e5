import { Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { NoteForm } from '../../day-notes/web/note-form.tsx'
import { useNoteActions } from './note-actions.ts'

interface Props {
  dayId: number
  writing: boolean
  setWriting(writing: boolean): void
}

/** The form that adds a note at the end of a day. */
export function DayNoteAdder({ dayId, writing, setWriting }: Props) {
  const { t } = useTranslation()
  const { add } = useNoteActions()
  if (writing) {
    return (
      <NoteForm
        start={{ text: '', time: null, icon: '📝' }}
        onCancel={() => setWriting(false)}
        onSave={async (values) => {
          const saved = await add(dayId, values)
          if (saved) setWriting(false)
          return saved !== null
        }}
      />
    )
  }
  return (
    <button
      type="button"
      onClick={() => setWriting(true)}
      className="ml-4 flex h-7 items-center gap-2 rounded-sm pr-2 pl-[3.25rem] text-ink-faint text-xs hover:text-ink [@media(hover:none)]:h-11"
    >
      <span className="flex w-6.5 justify-center">
        <Plus size={14} aria-hidden="true" />
      </span>
      {t('dayNotes.addShort')}
    </button>
  )
}
