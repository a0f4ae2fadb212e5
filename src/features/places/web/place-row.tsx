import { useDraggable } from '@dnd-kit/core'
import { CalendarPlus } from 'lucide-react'
import type { MouseEventHandler, TouchEventHandler } from 'react'
import { useTranslation } from 'react-i18next'
import { Badge } from '../../../ui/design/badge.tsx'
import { Checkbox } from '../../../ui/design/checkbox.tsx'
import { classes } from '../../../ui/design/class-names.ts'
import { IconButton } from '../../../ui/design/icon-button.tsx'
import { Menu, MenuGroup, MenuItem } from '../../../ui/design/menu.tsx'
import { DragHandle } from '../../../ui/drag/drag-handle.tsx'
import { Glowing } from '../../../ui/live/glowing.tsx'
import { listOf } from '../../../ui/message.ts'
import { useStopActions } from '../../assignments/web/stop-actions.ts'
import { useDayName } from '../../days/web/day-name.ts'
import type { PlaceRow as Row } from '../../plan/web/plan.ts'
import type { Carried } from '../../plan/web/plan-dnd.tsx'
import { usePlanner } from '../../plan/web/planner.tsx'
import { Place } from '../contract/index.ts'
import { CategoryDot } from './category-dot.tsx'
import { categoryName } from './category-name.ts'
import { TagDot } from './tag-chip.tsx'
import type { TagRow } from './tags.ts'

interface Props {
  place: Row
  /** The numbers of the days it is on. */
  days: readonly number[]
  tags: readonly TagRow[]
}

/** A place in the pool while several are being chosen. */
export function ChoosableRow({
  place,
  days,
  tags,
  chosen,
  onChoose,
}: Props & { chosen: boolean; onChoose(chosen: boolean): void }) {
  return (
    <li>
      {/* biome-ignore lint/a11y/noLabelWithoutControl: the checkbox inside renders the input */}
      <label
        className={classes(
          'flex min-h-12 items-center gap-3 rounded-md py-1.5 pr-2 pl-4',
          chosen ? 'bg-pine-soft' : 'hover:bg-hover',
        )}
      >
        <span className="flex w-8 shrink-0 justify-center">
          <Checkbox bare label={place.name} checked={chosen} onChange={onChoose} />
        </span>
        <PlaceText place={place} days={days} tags={tags} />
      </label>
    </li>
  )
}

/** The text of a place in the pool. */
function PlaceText({ place, days, tags }: Props) {
  const { t } = useTranslation()
  const { categories } = usePlanner()
  const category = place.category_id === null ? undefined : categories.get(place.category_id)
  return (
    <>
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium">{place.name}</span>
        <span className="flex items-center gap-1.5 text-ink-faint text-xs">
          <span className="truncate">
            {place.address ??
              (category && categoryName(t, category)) ??
              (place.lat === null ? t('places.noCoordinates') : '')}
          </span>
          {tags.map(({ id, name, color }) => (
            <span key={id} className="flex min-w-0 shrink-0 items-center gap-1">
              <TagDot color={color} />
              <span className="max-w-20 truncate">{name}</span>
            </span>
          ))}
        </span>
      </span>
      {days.length > 0 && (
        <Badge tone="pine">{t('places.onDays', { days: listOf(days.map(String)), count: days.length })}</Badge>
      )}
    </>
  )
}

/** A place in the pool. */
export function PlaceRow({ place, days, tags }: Props) {
  const { focus, setFocus, categories, rights } = usePlanner()
  const category = place.category_id === null ? undefined : categories.get(place.category_id)
  const carried: Carried = { kind: 'place', placeId: place.id, name: place.name }
  const disabled = !rights.days
  const { isDragging, ...drag } = useDraggable({ id: `place:${place.id}`, data: carried, disabled })
  const { listeners } = drag
  const open = focus?.placeId === place.id && focus.stopId === null
  return (
    <li>
      <Glowing
        entity={Place}
        row={place.id}
        className={classes(
          'group flex items-center rounded-md transition-colors duration-(--fast)',
          open ? 'bg-pine-soft' : 'hover:bg-hover',
          isDragging && 'opacity-40',
        )}
      >
        <DragHandle name={place.name} drag={rights.days ? drag : null} className="h-12" />
        <button
          type="button"
          onMouseDown={listeners?.onMouseDown as MouseEventHandler | undefined}
          onTouchStart={listeners?.onTouchStart as TouchEventHandler | undefined}
          onClick={() => setFocus({ placeId: place.id, stopId: null })}
          aria-current={open || undefined}
          className="flex min-h-12 min-w-0 flex-1 items-center gap-3 rounded-md py-1.5 text-left"
        >
          <CategoryDot category={category} />
          <PlaceText place={place} days={days} tags={tags} />
        </button>
        {rights.days && <AssignMenu place={place} />}
      </Glowing>
    </li>
  )
}

function AssignMenu({ place }: { place: Row }) {
  const { t } = useTranslation()
  const { plan } = usePlanner()
  const { assign } = useStopActions()
  const dayName = useDayName()
  return (
    <Menu
      trigger={
        <IconButton
          label={t('places.putOnDay', { name: place.name })}
          size="small"
          className="mr-1 opacity-0 focus-visible:opacity-100 group-focus-within:opacity-100 group-hover:opacity-100 data-popup-open:opacity-100 [@media(hover:none)]:opacity-100"
        >
          <CalendarPlus size={16} aria-hidden="true" />
        </IconButton>
      }
    >
      <MenuGroup label={t('places.putOn')}>
        {plan.map(({ day }) => (
          <MenuItem key={day.id} onSelect={() => void assign(place.id, day.id)}>
            {dayName(day)}
            {day.title && <span className="truncate text-ink-faint">{day.title}</span>}
          </MenuItem>
        ))}
      </MenuGroup>
    </Menu>
  )
}
