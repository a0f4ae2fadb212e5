import { ArrowDown, ArrowUp, CalendarDays, MoreHorizontal } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../../../ui/design/icon-button.tsx'
import { Menu, MenuGroup, MenuItem, MenuLine } from '../../../ui/design/menu.tsx'
import { useDayName } from '../../days/web/day-name.ts'
import type { EntryRef } from '../contract/entry.ts'
import { useMoves } from './moves.ts'
import { usePlanner } from './planner.tsx'

interface Props {
  entry: EntryRef
  name: string
  dayId: number
  /** Its index in the timeline of the day. */
  index: number
  /** The item that changes the entry, and the one that removes it. */
  change: ReactNode
  remove: ReactNode
}

/** The menu of an entry of a day: also moves it up, down and to other days. */
export function EntryMenu({ entry, name, dayId, index, change, remove }: Props) {
  const { t } = useTranslation()
  const { plan } = usePlanner()
  const { move } = useMoves()
  const dayName = useDayName()
  const ownDay = plan.find(({ day }) => day.id === dayId)
  const otherDays = plan.filter(({ day }) => day.id !== dayId)
  return (
    <Menu
      trigger={
        <IconButton
          label={t('plan.stopMenu', { name })}
          size="small"
          className="opacity-0 focus-visible:opacity-100 group-focus-within:opacity-100 group-hover:opacity-100 data-popup-open:opacity-100 [@media(hover:none)]:opacity-100"
        >
          <MoreHorizontal size={16} aria-hidden="true" />
        </IconButton>
      }
    >
      {change}
      <MenuItem
        icon={<ArrowUp size={16} />}
        disabled={index === 0}
        onSelect={() => void move(entry, dayId, dayId, index - 1)}
      >
        {t('plan.moveUp')}
      </MenuItem>
      <MenuItem
        icon={<ArrowDown size={16} />}
        disabled={index + 1 >= (ownDay?.entries.length ?? 0)}
        onSelect={() => void move(entry, dayId, dayId, index + 2)}
      >
        {t('plan.moveDown')}
      </MenuItem>
      {remove}
      {otherDays.length > 0 && (
        <>
          <MenuLine />
          <MenuGroup label={t('plan.moveTo')}>
            {otherDays.map(({ day }) => (
              <MenuItem key={day.id} icon={<CalendarDays size={16} />} onSelect={() => void move(entry, dayId, day.id)}>
                {dayName(day)}
              </MenuItem>
            ))}
          </MenuGroup>
        </>
      )}
    </Menu>
  )
}
