import { ArrowDown, ArrowUp, MoreHorizontal, StickyNote, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../ui/design/button.tsx'
import { Dialog, DialogActions } from '../../../ui/design/dialog.tsx'
import { IconButton } from '../../../ui/design/icon-button.tsx'
import { Menu, MenuItem, MenuLine } from '../../../ui/design/menu.tsx'
import { removed, useAct } from '../../../ui/live/act.ts'
import { useRows } from '../../../ui/live/hooks.tsx'
import { tellUndoable } from '../../history/web/undo.ts'
import { type DayTimeline, usePlanner } from '../../plan/web/planner.tsx'
import { Reservation } from '../../reservations/contract/index.ts'
import { Day, delete_day, move_day } from '../contract/index.ts'
import { useDayName } from './day-name.ts'

interface Props {
  planned: DayTimeline
  index: number
  onAddNote(): void
}

export function DayMenu({ planned: { day, stops, entries, stays }, index, onAddNote }: Props) {
  const { t } = useTranslation()
  const { plan } = usePlanner()
  const act = useAct()
  const dayName = useDayName()
  const [asking, setAsking] = useState(false)
  const ids = plan.map((planned) => planned.day.id)

  async function move(before: number | null) {
    const moved = await act(move_day, { tripId: day.trip_id, dayId: day.id, before })
    if (moved) tellUndoable(t('days.wasMoved'), moved)
  }

  // A longer stay moves to the next day or ends a day earlier.
  const onlyHere = stays.filter((stay) => stay.start_day_id === stay.end_day_id).map(({ id }) => id)

  /** The day it is inserted before; null for the last one. */
  const _next = ids[index + 1] ?? null

  const losing = useRows(Reservation).filter((row) =>
    row.accommodation_id === null ? row.day_id === day.id : onlyHere.includes(row.accommodation_id),
  ).length
  const holdsSomething = losing > 0 || entries.some((entry) => entry.kind !== 'booking')
  const remove = () => act(delete_day, { tripId: day.trip_id, dayId: day.id }, [removed(Day, day.id)])

  return (
    <>
      <Menu
        trigger={
          <IconButton label={t('days.menu', { day: dayName(day) })} size="small">
            <MoreHorizontal size={16} aria-hidden="true" />
          </IconButton>
        }
      >
        <MenuItem icon={<StickyNote size={16} />} onSelect={onAddNote}>
          {t('dayNotes.add')}
        </MenuItem>
        <MenuItem
          icon={<ArrowUp size={16} />}
          disabled={index === 0}
          onSelect={() => void move(ids[index - 1] as number)}
        >
          {t('days.moveUp')}
        </MenuItem>
        <MenuItem
          icon={<ArrowDown size={16} />}
          disabled={index === ids.length - 1}
          onSelect={() => void move(ids[index + 2] ?? null)}
        >
          {t('days.moveDown')}
        </MenuItem>
        <MenuLine />
        <MenuItem
          icon={<Trash2 size={16} />}
          danger
          onSelect={() => (holdsSomething ? setAsking(true) : void remove())}
        >
          {t('days.delete')}
        </MenuItem>
      </Menu>
      <Dialog
        open={asking}
        onClose={() => setAsking(false)}
        title={t('days.deleteTitle', { day: dayName(day) })}
        description={t('days.deleteBody', { count: stops.length })}
      >
        {losing > 0 && <p className="text-ink-soft">{t('days.bookingsStay', { count: losing })}</p>}
        <DialogActions>
          <Button onClick={() => setAsking(false)}>{t('cancel')}</Button>
          <Button
            tone="danger"
            onClick={() => {
              setAsking(false)
              void remove()
            }}
          >
            {t('days.delete')}
          </Button>
        </DialogActions>
      </Dialog>
    </>
  )
}
