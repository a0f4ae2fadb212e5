import { type FormEvent, type KeyboardEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { textOrNull } from '../../../ui/form/form.ts'
import { patched, useTypedAct } from '../../../ui/live/act.ts'
import type { DayRow } from '../../plan/web/plan.ts'
import { usePlanner } from '../../plan/web/planner.tsx'
import { Day, update_day } from '../contract/index.ts'

/** The title of the day; a click makes it a field, for people who may plan the days. */
export function DayTitle({ day }: { day: DayRow }) {
  const { t } = useTranslation()
  const { rights } = usePlanner()
  const [draft, setDraft] = useState<string | null>(null)
  if (!rights.days) return day.title && <h3 className="title truncate text-lg leading-6">{day.title}</h3>
  if (draft !== null) return <TitleField day={day} draft={draft} onEnd={setDraft} />
  return (
    <h3 className="title truncate text-lg leading-6">
      <button
        type="button"
        onClick={() => setDraft(day.title ?? '')}
        className="max-w-full truncate rounded-sm text-left hover:underline hover:decoration-line-strong hover:underline-offset-4"
      >
        {day.title ?? <span className="font-normal text-ink-faint">{t('days.untitled')}</span>}
        <span className="sr-only">, {t('days.rename')}</span>
      </button>
    </h3>
  )
}

interface FieldProps {
  day: DayRow
  draft: string
  /** The edit is over; the text comes back if the server has refused it. */
  onEnd(draft: string | null): void
}

function TitleField({ day, draft, onEnd }: FieldProps) {
  const { t } = useTranslation()
  const act = useTypedAct()
  const [text, setText] = useState(draft)
  const [opened] = useState(day.title)
  // Leaving the field saves too; this prevents a second save.
  const isSaved = useRef(false)

  async function save(event?: FormEvent) {
    event?.preventDefault()
    if (isSaved.current) return
    isSaved.current = true
    const title = textOrNull(text)
    onEnd(null)
    if (title === opened) return
    const saved = act(update_day, { tripId: day.trip_id, dayId: day.id, title }, [patched(Day, day.id, { title })])
    if (!(await saved)) onEnd(text)
  }

  function keys(event: KeyboardEvent) {
    if (event.key !== 'Escape') return
    event.stopPropagation()
    isSaved.current = true
    onEnd(null)
  }

  return (
    <form onSubmit={save}>
      <input
        aria-label={t('fields.title')}
        // biome-ignore lint/a11y/noAutofocus: the person has just asked to write here
        autoFocus
        maxLength={200}
        value={text}
        placeholder={t('days.titlePlaceholder')}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={keys}
        onBlur={() => void save()}
        className="title w-full border-pine-ink border-b-2 bg-transparent text-lg leading-6 outline-none"
      />
    </form>
  )
}
