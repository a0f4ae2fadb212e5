import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../web/design/button.tsx'
import { TextArea } from '../../../web/design/field.tsx'
import { textOrNull } from '../../../web/form/form.ts'
import { patched, useAct } from '../../../web/live/act.ts'
import type { DayRow } from '../../../web/planner/plan.ts'
import { Day, update_day } from '../contract.ts'

interface Props {
  day: DayRow
  writing: boolean
  setWriting(writing: boolean): void
}

/** What to remember on that day. */
export function DayNotes({ day, writing, setWriting }: Props) {
  const { t } = useTranslation()
  if (writing) return <NotesForm day={day} onDone={() => setWriting(false)} />
  if (!day.notes) return null
  return (
    <button
      type="button"
      onClick={() => setWriting(true)}
      className="mx-2 mb-2 block w-[calc(100%-1rem)] whitespace-pre-line rounded-md border-glow border-l-3 bg-sunken px-3 py-2 text-left text-ink-soft text-sm hover:bg-hover"
    >
      <span className="sr-only">{t('days.editNotes')}: </span>
      {day.notes}
    </button>
  )
}

function NotesForm({ day, onDone }: { day: DayRow; onDone(): void }) {
  const { t } = useTranslation()
  const act = useAct()
  const [text, setText] = useState(day.notes ?? '')
  const [busy, setBusy] = useState(false)

  async function save() {
    setBusy(true)
    const notes = textOrNull(text)
    const saved = await act(update_day, { tripId: day.trip_id, dayId: day.id, title: day.title, notes }, [
      patched(Day, day.id, { notes }),
    ])
    setBusy(false)
    if (saved) onDone()
  }

  return (
    <div className="mx-2 mb-3 flex flex-col gap-2">
      <TextArea
        label={t('days.notes')}
        autoFocus
        maxLength={2000}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <div className="flex justify-end gap-2">
        <Button size="small" onClick={onDone}>
          {t('cancel')}
        </Button>
        <Button size="small" tone="primary" busy={busy} onClick={save}>
          {t('save')}
        </Button>
      </div>
    </div>
  )
}
