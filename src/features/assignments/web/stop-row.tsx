import { useDraggable } from '@dnd-kit/core'
import { Clock, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { classes } from '../../../ui/design/class-names.ts'
import { MenuItem } from '../../../ui/design/menu.tsx'
import { DragHandle } from '../../../ui/drag/drag-handle.tsx'
import { language } from '../../../ui/i18n.ts'
import { Glowing } from '../../../ui/live/glowing.tsx'
import { CategoryIcon, categoryColour } from '../../places/web/category-icon.tsx'
import { categoryName } from '../../places/web/category-name.ts'
import { refOf } from '../../plan/contract/entry.ts'
import { EntryMenu } from '../../plan/web/entry-menu.tsx'
import { DropGap } from '../../plan/web/gap.tsx'
import type { PlannedStop } from '../../plan/web/plan.ts'
import type { Carried } from '../../plan/web/plan-dnd.tsx'
import { usePlanner } from '../../plan/web/planner.tsx'
import { Assignment } from '../contract/index.ts'
import { Company } from './company.tsx'
import { useStopActions } from './stop-actions.ts'

interface Props {
  planned: PlannedStop
  /** Its index in the timeline of the day. */
  index: number
  /** Whether the map shows its day. */
  chosen: boolean
  /** The kind of entry directly above it. */
  above: 'stop' | 'transport' | 'other'
}

/** One stop in the timeline of its day. */
export function StopRow({ planned, index, chosen, above }: Props) {
  const { t } = useTranslation()
  const { stop, place, number, start, end, clashes, distance } = planned
  const { focus, setFocus, chooseDay, categories, rights } = usePlanner()
  const category = place.category_id === null ? undefined : categories.get(place.category_id)
  const carried: Carried = { kind: 'stop', id: stop.id, dayId: stop.day_id, name: place.name }
  const disabled = !rights.days
  const { isDragging, ...drag } = useDraggable({ id: `stop:${stop.id}`, data: carried, disabled })
  const { listeners } = drag
  const open = focus?.stopId === stop.id
  return (
    <li>
      <DropGap dayId={stop.day_id} index={index}>
        <Glowing
          entity={Assignment}
          row={stop.id}
          className={classes(
            'group relative flex items-center rounded-md pr-1 transition-colors duration-(--fast)',
            open ? 'bg-pine-soft' : 'hover:bg-hover',
            isDragging && 'opacity-40',
          )}
        >
          {distance !== null && above !== 'transport' && <Leg kilometres={distance} />}
          <DragHandle name={place.name} drag={rights.days ? drag : null} className="h-11" />
          <button
            type="button"
            onMouseDown={listeners?.onMouseDown as React.MouseEventHandler | undefined}
            onTouchStart={listeners?.onTouchStart as React.TouchEventHandler | undefined}
            onClick={() => {
              chooseDay(stop.day_id)
              setFocus({ placeId: place.id, stopId: stop.id })
            }}
            aria-current={open || undefined}
            className="grid min-h-11 min-w-0 flex-1 grid-cols-[2.75rem_1.625rem_minmax(0,1fr)] items-center gap-x-2 rounded-md py-1 text-left"
          >
            <span
              className={classes(
                'figures text-right text-sm',
                clashes ? 'font-semibold text-signal-ink' : 'text-ink-soft',
              )}
            >
              {start ?? <span className="sr-only">{t('plan.noTime')}</span>}
            </span>
            <span
              aria-hidden="true"
              className={classes(
                'figures relative flex size-6.5 items-center justify-center rounded-full font-semibold text-xs',
                chosen ? 'bg-pine text-on-pine' : 'border border-line-strong bg-surface text-ink-soft',
                above === 'stop' &&
                  'before:-top-3.5 before:absolute before:left-1/2 before:h-2.5 before:w-px before:bg-line-strong',
              )}
            >
              {number}
            </span>
            <span className="min-w-0">
              <span className={classes('block truncate font-medium', distance !== null && 'pr-12')}>{place.name}</span>
              <span className="figures flex items-center gap-1 truncate text-ink-faint text-xs">
                {clashes && <span className="font-medium text-signal-ink">{t('plan.clashes')} ·</span>}
                {category && (
                  <span className="flex min-w-0 items-center gap-1">
                    <span style={{ color: categoryColour(category) }}>
                      <CategoryIcon category={category} size={12} />
                    </span>
                    <span className="truncate">{categoryName(t, category)}</span>
                  </span>
                )}
                {end && (
                  <span className="whitespace-nowrap">
                    {category && '· '}
                    {t('plan.until', { time: end })}
                  </span>
                )}
                {stop.notes && <span className="truncate">· {stop.notes}</span>}
              </span>
            </span>
          </button>
          {stop.participant_ids.length > 0 && <Company userIds={stop.participant_ids} />}
          {rights.days && <StopMenu planned={planned} index={index} />}
        </Glowing>
      </DropGap>
    </li>
  )
}

/** The distance from the stop above. */
function Leg({ kilometres }: { kilometres: number }) {
  const { t } = useTranslation()
  const far = kilometres >= 10
  const amount = new Intl.NumberFormat(language(), {
    style: 'unit',
    unit: kilometres < 1 ? 'meter' : 'kilometer',
    maximumFractionDigits: far || kilometres < 1 ? 0 : 1,
  }).format(kilometres < 1 ? Math.round(kilometres * 100) * 10 : kilometres)
  return (
    <p className="figures -top-2 pointer-events-none absolute right-9 z-1 text-ink-faint text-xs leading-4">
      <span className="sr-only">{t('plan.distance')}</span>
      {amount}
    </p>
  )
}

function StopMenu({ planned, index }: { planned: PlannedStop; index: number }) {
  const { t } = useTranslation()
  const { setFocus } = usePlanner()
  const { unassign } = useStopActions()
  const { stop, place } = planned
  return (
    <EntryMenu
      entry={refOf({ kind: 'stop', id: stop.id })}
      name={place.name}
      dayId={stop.day_id}
      index={index}
      change={
        <MenuItem icon={<Clock size={16} />} onSelect={() => setFocus({ placeId: place.id, stopId: stop.id })}>
          {t('plan.editVisit')}
        </MenuItem>
      }
      remove={
        <MenuItem icon={<X size={16} />} onSelect={() => void unassign(planned)}>
          {t('plan.takeOff')}
        </MenuItem>
      }
    />
  )
}
