import { type FormEvent, type KeyboardEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { textOrNull } from '../../../ui/form/form.ts'
import { patched, useAct } from '../../../ui/live/act.ts'
import type { DayRow } from '../../plan/web/plan.ts'
import { Day, update_day } from '../contract/index.ts'

/** What the day is about; a click makes it a field. */
export function DayTitle({ day }: { day: DayRow }) {
  const { t } = useTranslation()
  const act = useAct()
  const [draft, setDraft] = useState<string | null>(null)
  const given = useRef(false)

  async function save(event?: FormEvent) {
    event?.preventDefault()
    if (draft === null || given.current) return
    given.current = true
    const title = textOrNull(draft)
    if (title !== day.title) {
      const saved = act(update_day, { tripId: day.trip_id, dayId: day.id, title }, [patched(Day, day.id, { title })])
      setDraft(null)
      // What was typed comes back when the server refuses it.
      if (!(await saved)) setDraft(draft)
    } else setDraft(null)
  }

  function edit() {
    given.current = false
    setDraft(day.title ?? '')
  }

  function keys(event: KeyboardEvent) {
    if (event.key !== 'Escape') return
    event.stopPropagation()
    given.current = true
    setDraft(null)
  }

  if (draft === null) {
    return (
      <h3 className="title truncate text-lg leading-6">
        <button
          type="button"
          onClick={edit}
          className="max-w-full truncate rounded-sm text-left hover:underline hover:decoration-line-strong hover:underline-offset-4"
        >
          {day.title ?? <span className="font-normal text-ink-faint">{t('days.untitled')}</span>}
          <span className="sr-only">, {t('days.rename')}</span>
        </button>
      </h3>
    )
  }
  return (
    <form onSubmit={save}>
      <input
        aria-label={t('days.title')}
        // biome-ignore lint/a11y/noAutofocus: the person has just asked to write here
        autoFocus
        maxLength={200}
        value={draft}
        placeholder={t('days.titlePlaceholder')}
        onChange={(event) => {
          given.current = false
          setDraft(event.target.value)
        }}
        onKeyDown={keys}
        onBlur={() => void save()}
        className="title w-full border-pine-ink border-b-2 bg-transparent text-lg leading-6 outline-none"
      />
    </form>
  )
}
