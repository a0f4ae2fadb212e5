import { CalendarX2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../web/design/button.tsx'
import { TextArea, TextField } from '../../../web/design/field.tsx'
import { textOrNull } from '../../../web/form/form.ts'
import type { PlannedStop } from './plan.ts'
import { usePlanActions } from './plan-actions.ts'

/** When one is there, and a note for this visit; saved when a field is left. */
export function VisitFields({ visit }: { visit: PlannedStop }) {
  const { t } = useTranslation()
  const { setVisit, unassign } = usePlanActions()
  const { stop } = visit
  const [start, setStart] = useState(stop.place_time ?? '')
  const [end, setEnd] = useState(stop.end_time ?? '')
  const [notes, setNotes] = useState(stop.notes ?? '')
  const backwards = start !== '' && end !== '' && end < start

  function saveTimes() {
    const times = { place_time: textOrNull(start), end_time: textOrNull(end) }
    if (backwards || (times.place_time === stop.place_time && times.end_time === stop.end_time)) return
    void setVisit(stop.id, times)
  }

  function saveNotes() {
    if (textOrNull(notes) !== stop.notes) void setVisit(stop.id, { notes: textOrNull(notes) })
  }

  return (
    <div className="flex flex-col gap-3 rounded-md border border-line bg-paper p-3">
      <div className="grid grid-cols-2 gap-3">
        <TextField label={t('visit.from')} type="time" value={start} onChange={(e) => setStart(e.target.value)} onBlur={saveTimes} />
        <TextField
          label={t('visit.until')}
          type="time"
          value={end}
          error={backwards ? t('visit.backwards') : undefined}
          onChange={(e) => setEnd(e.target.value)}
          onBlur={saveTimes}
        />
      </div>
      <TextArea label={t('visit.notes')} rows={2} maxLength={500} value={notes} onChange={(e) => setNotes(e.target.value)} onBlur={saveNotes} />
      <Button
        size="small"
        tone="plain"
        icon={<CalendarX2 size={15} aria-hidden="true" />}
        className="self-start"
        onClick={() => void unassign(visit)}
      >
        {t('plan.takeOff')}
      </Button>
    </div>
  )
}
