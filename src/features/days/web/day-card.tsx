import { ChevronDown } from 'lucide-react'
import { type ComponentType, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { dayOfMonth, longDay, month, today, weekday } from '../../../web/dates.ts'
import { classes } from '../../../web/design/class-names.ts'
import { IconButton } from '../../../web/design/icon-button.tsx'
import { Glowing } from '../../../web/live/glowing.tsx'
import { useDayName } from '../../../web/planner/day-name.ts'
import { DropGap } from '../../../web/planner/gap.tsx'
import type { PlannedDay, PlannedStop } from '../../../web/planner/plan.ts'
import { useCarry } from '../../../web/planner/plan-dnd.tsx'
import { usePlanner } from '../../../web/planner/planner.tsx'
import { Day } from '../contract.ts'
import { DayMenu } from './day-menu.tsx'
import { DayNotes } from './day-notes.tsx'
import { DayTitle } from './day-title.tsx'

export interface StopProps {
  planned: PlannedStop
  index: number
  /** Whether its day is the one on the map. */
  chosen: boolean
}

interface Props {
  planned: PlannedDay
  index: number
  /** How a stop is shown. */
  Stop: ComponentType<StopProps>
}

/** A day: when it is, what it is about, and its stops as a timeline. */
export function DayCard({ planned: { day, stops }, index, Stop }: Props) {
  const { t } = useTranslation()
  const { dayId, chooseDay } = usePlanner()
  const dayName = useDayName()
  const [folded, setFolded] = useState(false)
  const [writing, setWriting] = useState(false)
  const { carried, gap } = useCarry()
  const chosen = dayId === day.id
  const isTarget = carried !== null && gap?.dayId === day.id
  return (
    <li
      aria-label={dayName(day)}
      className={classes('border-line border-b transition-colors duration-(--fast)', isTarget && 'bg-pine-soft/60')}
    >
      <Glowing entity={Day} row={day.id} className="sticky top-0 z-10 flex items-center gap-3 bg-paper px-4 py-2.5">
        <button
          type="button"
          onClick={() => chooseDay(day.id)}
          aria-pressed={chosen}
          className={classes(
            'relative flex w-12 shrink-0 flex-col items-center rounded-md py-1 transition-colors duration-(--fast)',
            chosen ? 'bg-pine text-on-pine' : 'bg-hover text-ink hover:bg-pine-soft',
          )}
        >
          <span className="sr-only">{t('days.show', { day: day.date ? longDay(day.date) : dayName(day) })}</span>
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
          <p className="figures truncate text-ink-faint text-xs">
            {day.date && `${month(day.date)} · ${t('plan.dayNumber', { number: day.day_number })} · `}
            {t('count.stops', { count: stops.length })}
          </p>
        </div>
        <DayMenu day={day} index={index} stops={stops.length} onWriteNotes={() => setWriting(true)} />
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
          <DayNotes day={day} writing={writing} setWriting={setWriting} />
          <ol aria-label={t('days.stopsOf', { day: dayName(day) })}>
            {stops.map((one, position) => (
              <Stop key={one.stop.id} planned={one} index={position} chosen={chosen} />
            ))}
          </ol>
          <DropGap dayId={day.id} index={stops.length} className={stops.length ? 'h-4' : 'px-2 pt-1 pb-2'}>
            {!stops.length && (
              <p className="rounded-md border border-line-strong/50 border-dashed px-3 py-3 text-center text-ink-faint text-sm">
                {t('days.empty')}
              </p>
            )}
          </DropGap>
        </div>
      )}
    </li>
  )
}
