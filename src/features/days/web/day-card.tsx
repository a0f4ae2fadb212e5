import { ChevronDown } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { dayOfMonth, month, today, weekday } from '../../../ui/dates.ts'
import { classes } from '../../../ui/design/class-names.ts'
import { IconButton } from '../../../ui/design/icon-button.tsx'
import { Glowing } from '../../../ui/live/glowing.tsx'
import { startsOrEndsOn } from '../../accommodations/web/phase.ts'
import { refOf } from '../../plan/contract/entry.ts'
import { DayNoteAdder } from '../../plan/web/day-note-adder.tsx'
import { DayStays } from '../../plan/web/day-stays.tsx'
import { DropGap } from '../../plan/web/gap.tsx'
import { useCarry } from '../../plan/web/plan-dnd.tsx'
import { type DayTimeline, usePlanner } from '../../plan/web/planner.tsx'
import { TimelineRow } from '../../plan/web/timeline-row.tsx'
import { WeatherOfDay } from '../../plan/web/weather-of-day.tsx'
import { Day } from '../contract/index.ts'
import { DayMenu } from './day-menu.tsx'
import { useDayName } from './day-name.ts'
import { DayTitle } from './day-title.tsx'

interface Props {
  planned: DayTimeline
  index: number
}

/** A day: its date, title, stays, and all its entries as a timeline. */
export function DayCard({ planned, index }: Props) {
  const { day, stops, entries, stays } = planned
  const { t } = useTranslation()
  const { dayId, chooseDay, rights } = usePlanner()
  const dayName = useDayName()
  const [folded, setFolded] = useState(false)
  const [adding, setAdding] = useState(false)
  const { carried, gap } = useCarry()
  const chosen = dayId === day.id
  const isEmpty = !entries.length && !stays.some((stay) => startsOrEndsOn(stay, day.id))
  const isTarget = carried !== null && gap?.dayId === day.id
  return (
    <li
      aria-label={dayName(day)}
      className={classes('border-line border-b transition-colors duration-(--fast)', isTarget && 'bg-pine-soft/60')}
    >
      <Glowing entity={Day} row={day.id} className="sticky top-0 z-10 flex items-center gap-3 bg-paper px-4 py-2">
        <button
          type="button"
          onClick={() => chooseDay(day.id)}
          aria-pressed={chosen}
          className={classes(
            'relative flex w-12 shrink-0 flex-col items-center rounded-md py-1 transition-colors duration-(--fast)',
            chosen ? 'bg-pine text-on-pine' : 'bg-hover text-ink hover:bg-pine-soft',
          )}
        >
          <span className="sr-only">{t('days.show', { day: dayName(day) })}</span>
          {day.date ? (
            <>
              <span
                aria-hidden="true"
                className={classes('text-xs', !chosen && (day.date === today() ? 'text-signal-ink' : 'text-ink-soft'))}
              >
                {weekday(day.date)}
              </span>
              <span aria-hidden="true" className="title figures text-xl leading-6">
                {dayOfMonth(day.date)}
              </span>
            </>
          ) : (
            <>
              <span aria-hidden="true" className={classes('text-xs', !chosen && 'text-ink-soft')}>
                {t('days.day')}
              </span>
              <span aria-hidden="true" className="title figures text-xl leading-6">
                {day.day_number}
              </span>
            </>
          )}
        </button>
        <div className="min-w-0 flex-1">
          <DayTitle day={day} />
          <div className="flex items-center gap-2 text-xs">
            <p className="figures truncate text-ink-faint">
              {[
                // Only at the start of the trip and of a month; in between the month is clear.
                day.date && (index === 0 || day.date.endsWith('-01')) && month(day.date),
                day.date && t('plan.dayNumber', { number: day.day_number }),
                (stops.length > 0 || isEmpty) && t('count.stops', { count: stops.length }),
              ]
                .filter(Boolean)
                .join(' · ')}
            </p>
            <WeatherOfDay day={day} />
          </div>
          <DayStays planned={planned} />
        </div>
        {rights.days && (
          <DayMenu
            planned={planned}
            index={index}
            onAddNote={() => {
              setFolded(false)
              setAdding(true)
            }}
          />
        )}
        <IconButton
          label={folded ? t('days.unfold') : t('days.fold')}
          size="small"
          aria-expanded={!folded}
          onClick={() => setFolded(!folded)}
        >
          <ChevronDown
            size={16}
            aria-hidden="true"
            className={classes('transition-transform duration-(--fast)', folded && '-rotate-90')}
          />
        </IconButton>
      </Glowing>
      {!folded && (
        <div className="px-2 pb-2">
          <ol aria-label={t('days.stopsOf', { day: dayName(day) })}>
            {entries.map((entry, position) => (
              <TimelineRow key={refOf(entry)} day={planned} index={position} chosen={chosen} />
            ))}
          </ol>
          <DropGap dayId={day.id} index={entries.length}>
            {rights.days && !entries.length && (
              <p className="rounded-md border border-line-strong/50 border-dashed px-3 py-3 text-center text-ink-faint text-sm">
                {t('days.empty')}
              </p>
            )}
            {rights.days && <DayNoteAdder dayId={day.id} writing={adding} setWriting={setAdding} />}
          </DropGap>
        </div>
      )}
    </li>
  )
}
