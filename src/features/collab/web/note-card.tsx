import { ExternalLink, MoreHorizontal, Pencil, Pin, Trash2 } from 'lucide-react'
import { useLayoutEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { shownCategory } from '../../../ui/category.ts'
import { fromNow } from '../../../ui/dates.ts'
import { Avatar } from '../../../ui/design/avatar.tsx'
import { Badge } from '../../../ui/design/badge.tsx'
import { classes } from '../../../ui/design/class-names.ts'
import { IconButton } from '../../../ui/design/icon-button.tsx'
import { MarkdownText } from '../../../ui/design/markdown-text.tsx'
import { Menu, MenuItem } from '../../../ui/design/menu.tsx'
import { useDialog } from '../../../ui/form/dialog-host.tsx'
import { patched, removed, useAct } from '../../../ui/live/act.ts'
import { Glowing } from '../../../ui/live/glowing.tsx'
import { useNow } from '../../../ui/now.ts'
import { HistoryItem } from '../../history/web/row-history.tsx'
import { tellUndoable } from '../../history/web/undo.ts'
import { CollabNote, delete_collab_note, type NoteRow, update_collab_note } from '../contract/index.ts'
import { NoteDialog } from './note-dialog.tsx'
import { useNameOf } from './people.tsx'

interface Props {
  note: NoteRow
  mayWrite: boolean
  categories: readonly string[]
}

export function NoteCard({ note, mayWrite, categories }: Props) {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  const now = useNow()
  return (
    <Glowing
      entity={CollabNote}
      row={note.id}
      className="rounded-lg border border-line"
      style={{ backgroundColor: `color-mix(in srgb, ${note.color} 5%, var(--surface))` }}
    >
      <span
        aria-hidden="true"
        className="absolute inset-y-3 left-0 w-1 rounded-r-full"
        style={{ backgroundColor: note.color }}
      />
      <article className="flex flex-col gap-2 py-3 pr-3 pl-4">
        <header className="flex items-start gap-1">
          <h3 className="title wrap-anywhere min-w-0 flex-1 py-1 text-lg leading-6">{note.title}</h3>
          {(mayWrite || note.pinned) && <PinButton note={note} mayWrite={mayWrite} />}
          {mayWrite && <NoteMenu note={note} categories={categories} />}
        </header>
        {note.content && <Clamped text={note.content} />}
        {note.website && (
          <a
            href={note.website}
            target="_blank"
            rel="noopener noreferrer"
            className="inline-flex max-w-full items-center gap-1.5 self-start font-medium text-pine-ink text-sm underline-offset-2 hover:underline"
          >
            <ExternalLink size={14} aria-hidden="true" className="shrink-0" />
            <span className="truncate">{hostOf(note.website)}</span>
          </a>
        )}
        <footer className="mt-1 flex min-w-0 items-center gap-2 text-ink-faint text-xs">
          {note.author_id !== null && <Avatar name={nameOf(note.author_id)} userId={note.author_id} size="small" />}
          <span className="min-w-0 flex-1 truncate">
            {nameOf(note.author_id)} · {fromNow(note.updated_at, now)}
          </span>
          <span className="max-w-[45%] truncate">
            <Badge>{shownCategory(t, note.category)}</Badge>
          </span>
        </footer>
      </article>
    </Glowing>
  )
}

const hostOf = (address: string): string => new URL(address).hostname.replace(/^www\./, '')

function PinButton({ note, mayWrite }: { note: NoteRow; mayWrite: boolean }) {
  const { t } = useTranslation()
  const act = useAct()
  const { trip_id: tripId, id: noteId } = note
  const pinned = !note.pinned
  return (
    <IconButton
      label={note.pinned ? t('together.unpin', { title: note.title }) : t('together.pin', { title: note.title })}
      size="small"
      aria-pressed={note.pinned}
      disabled={!mayWrite}
      onClick={() =>
        void act(update_collab_note, { tripId, noteId, pinned }, [patched(CollabNote, noteId, { pinned })])
      }
    >
      <Pin size={15} aria-hidden="true" className={classes(note.pinned && 'fill-current')} />
    </IconButton>
  )
}

function NoteMenu({ note, categories }: { note: NoteRow; categories: readonly string[] }) {
  const { t } = useTranslation()
  const act = useAct()
  const dialog = useDialog()
  const { trip_id: tripId, id: noteId, title } = note

  async function remove() {
    const deleted = await act(delete_collab_note, { tripId, noteId }, [removed(CollabNote, noteId)])
    if (deleted) tellUndoable(t('together.noteDeleted', { title }), deleted)
  }

  return (
    <Menu
      trigger={
        <IconButton label={t('together.noteMenu', { title })} size="small">
          <MoreHorizontal size={16} aria-hidden="true" />
        </IconButton>
      }
    >
      <MenuItem
        icon={<Pencil size={16} />}
        onSelect={() => dialog((shown) => <NoteDialog note={note} categories={categories} {...shown} />)}
      >
        {t('edit')}
      </MenuItem>
      <HistoryItem entity={CollabNote} row={noteId} title={title} />
      <MenuItem icon={<Trash2 size={16} />} danger onSelect={() => void remove()}>
        {t('delete')}
      </MenuItem>
    </Menu>
  )
}

/** Shows only the start of a long text until somebody asks for all of it. */
function Clamped({ text }: { text: string }) {
  const { t } = useTranslation()
  const box = useRef<HTMLDivElement>(null)
  const [isLong, setIsLong] = useState(false)
  const [open, setOpen] = useState(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new text can have another height
  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    const measure = () => setIsLong(element.scrollHeight > 232)
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [text])
  return (
    <div>
      <div
        ref={box}
        className={classes(
          'overflow-hidden',
          !open && 'max-h-56',
          isLong && !open && '[mask-image:linear-gradient(to_bottom,black_70%,transparent)]',
        )}
      >
        <MarkdownText text={text} />
      </div>
      {isLong && (
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className="mt-1 rounded-sm font-medium text-pine-ink text-sm underline-offset-2 hover:underline"
        >
          {open ? t('together.less') : t('together.more')}
        </button>
      )}
    </div>
  )
}
