import { CalendarX2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../ui/design/button.tsx'
import { TextArea } from '../../../ui/design/field.tsx'
import { textOrNull } from '../../../ui/form/form.ts'
import { timeOf } from '../../../ui/form/time.ts'
import { TimeField } from '../../../ui/form/time-field.tsx'
import type { PlannedStop } from '../../plan/web/plan.ts'
import { usePlanner } from '../../plan/web/planner.tsx'
import { CompanyField, CompanyNames } from './company.tsx'
import { useStopActions } from './stop-actions.ts'

/** The time, the company and the note of a visit, to edit or only to read. */
export function VisitFields({ visit }: { visit: PlannedStop }) {
  const { rights } = usePlanner()
  return rights.days ? <VisitForm visit={visit} /> : <VisitText visit={visit} />
}

function VisitText({ visit: { stop, start, end } }: { visit: PlannedStop }) {
  const times = [start, end].filter(Boolean).join(' – ')
  const withSome = stop.participant_ids.length > 0
  if (!times && !withSome && !stop.notes) return null
  return (
    <div className="flex flex-col gap-1.5 rounded-md border border-line bg-paper p-3 text-ink-soft text-sm">
      {times && <p className="figures">{times}</p>}
      {withSome && <CompanyNames userIds={stop.participant_ids} />}
      {stop.notes && <p className="whitespace-pre-line break-words">{stop.notes}</p>}
    </div>
  )
}

/** Saves when a field loses focus. */
function VisitForm({ visit }: { visit: PlannedStop }) {
  const { t } = useTranslation()
  const { setVisit, unassign } = useStopActions()
  const { stop } = visit
  const [start, setStart] = useState(stop.place_time ?? '')
  const [end, setEnd] = useState(stop.end_time ?? '')
  const [notes, setNotes] = useState(stop.notes ?? '')
  const isTime = (text: string) => text === '' || timeOf(text) === text
  const backwards = isTime(start) && isTime(end) && start !== '' && end !== '' && end < start

  function saveTimes(from: string, until: string) {
    const times = { place_time: textOrNull(from), end_time: textOrNull(until) }
    const isSame = times.place_time === stop.place_time && times.end_time === stop.end_time
    if (isSame || !isTime(from) || !isTime(until) || (from && until && until < from)) return
    void setVisit(stop, times)
  }

  function saveNotes() {
    if (textOrNull(notes) !== stop.notes) void setVisit(stop, { notes: textOrNull(notes) })
  }

  return (
    <div className="flex flex-col gap-3 rounded-md border border-line bg-paper p-3">
      <div className="grid grid-cols-2 gap-3">
        <TimeField
          label={t('visit.from')}
          value={start}
          error={isTime(start) ? undefined : t('visit.notATime')}
          onChange={setStart}
          onLeave={(time) => saveTimes(time, end)}
        />
        <TimeField
          label={t('visit.until')}
          value={end}
          error={!isTime(end) ? t('visit.notATime') : backwards ? t('visit.backwards') : undefined}
          onChange={setEnd}
          onLeave={(time) => saveTimes(start, time)}
        />
      </div>
      <CompanyField stop={stop} />
      <TextArea
        label={t('visit.notes')}
        rows={2}
        maxLength={500}
        value={notes}
        onChange={setNotes}
        onBlur={saveNotes}
      />
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
