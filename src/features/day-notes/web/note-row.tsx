import { useDraggable } from '@dnd-kit/core'
import { Pencil, Trash2 } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { classes } from '../../../ui/design/class-names.ts'
import { MenuItem } from '../../../ui/design/menu.tsx'
import { DragHandle } from '../../../ui/drag/drag-handle.tsx'
import { Glowing } from '../../../ui/live/glowing.tsx'
import { refOf } from '../../plan/contract/entry.ts'
import { EntryMenu } from '../../plan/web/entry-menu.tsx'
import { DropGap } from '../../plan/web/gap.tsx'
import { useNoteActions } from '../../plan/web/note-actions.ts'
import type { Carried } from '../../plan/web/plan-dnd.tsx'
import { usePlanner } from '../../plan/web/planner.tsx'
import { clockOf, DayNote, type DayNoteRow } from '../contract/index.ts'
import { NoteForm } from './note-form.tsx'
import { NoteIcon } from './note-icon.tsx'

interface Props {
  note: DayNoteRow
  /** Its index in the timeline of the day. */
  index: number
}

const LINE =
  'grid min-h-8 min-w-0 flex-1 grid-cols-[2.75rem_1.625rem_minmax(0,1fr)] gap-x-2 rounded-md py-1.5 text-left text-ink-soft text-sm'

/** A note in the timeline of its day; a click opens its form, for people who may plan the days. */
export function NoteRow({ note, index }: Props) {
  const { t } = useTranslation()
  const { change } = useNoteActions()
  const { rights } = usePlanner()
  const [writing, setWriting] = useState(false)
  const carried: Carried = { kind: 'note', id: note.id, dayId: note.day_id, name: note.text }
  const disabled = !rights.days
  const { isDragging, ...drag } = useDraggable({ id: `note:${note.id}`, data: carried, disabled })
  const { listeners } = drag
  if (writing && rights.days) {
    return (
      <li>
        <NoteForm
          start={note}
          onCancel={() => setWriting(false)}
          onSave={async (values) => {
            const saved = await change(note, values)
            if (saved) setWriting(false)
            return saved !== null
          }}
        />
      </li>
    )
  }
  return (
    <li>
      <DropGap dayId={note.day_id} index={index}>
        <Glowing
          entity={DayNote}
          row={note.id}
          className={classes(
            'group flex items-start rounded-md pr-1 transition-colors duration-(--fast) hover:bg-hover',
            isDragging && 'opacity-40',
          )}
        >
          <DragHandle name={note.text} drag={rights.days ? drag : null} className="h-8" />
          {rights.days ? (
            <>
              <button
                type="button"
                onMouseDown={listeners?.onMouseDown as React.MouseEventHandler | undefined}
                onTouchStart={listeners?.onTouchStart as React.TouchEventHandler | undefined}
                onClick={() => setWriting(true)}
                className={classes(LINE, '[@media(hover:none)]:min-h-11')}
              >
                <NoteText note={note} className="line-clamp-2">
                  <span className="sr-only">, {t('dayNotes.edit')}</span>
                </NoteText>
              </button>
              <NoteMenu note={note} index={index} onWrite={() => setWriting(true)} />
            </>
          ) : (
            <div className={LINE}>
              <NoteText note={note} />
            </div>
          )}
        </Glowing>
      </DropGap>
    </li>
  )
}

function NoteText({ note, className, children }: Pick<Props, 'note'> & { className?: string; children?: ReactNode }) {
  const clock = clockOf(note.time)
  return (
    <>
      <span className="figures text-right">{clock}</span>
      <span className="flex h-5 items-center justify-center text-ink-faint">
        <NoteIcon icon={note.icon} size={16} />
      </span>
      <span className={classes('whitespace-pre-line break-words', className)}>
        {note.time && !clock && <span className="text-ink-faint">{note.time} · </span>}
        {note.text}
        {children}
      </span>
    </>
  )
}

function NoteMenu({ note, index, onWrite }: Props & { onWrite(): void }) {
  const { t } = useTranslation()
  const { remove } = useNoteActions()
  return (
    <EntryMenu
      entry={refOf({ kind: 'note', id: note.id })}
      name={note.text}
      dayId={note.day_id}
      index={index}
      change={
        <MenuItem icon={<Pencil size={16} />} onSelect={onWrite}>
          {t('edit')}
        </MenuItem>
      }
      remove={
        <MenuItem icon={<Trash2 size={16} />} danger onSelect={() => void remove(note)}>
          {t('delete')}
        </MenuItem>
      }
    />
  )
}
