import { ArrowDown, ArrowUp, MoreHorizontal, StickyNote, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../ui/design/button.tsx'
import { Dialog, DialogActions } from '../../../ui/design/dialog.tsx'
import { IconButton } from '../../../ui/design/icon-button.tsx'
import { Menu, MenuItem, MenuLine } from '../../../ui/design/menu.tsx'
import { tell } from '../../../ui/design/toast.tsx'
import { removed, useAct } from '../../../ui/live/act.ts'
import { type DayTimeline, usePlanner } from '../../plan/web/planner.tsx'
import { Day, delete_day, reorder_days } from '../contract/index.ts'
import { useDayName } from './day-name.ts'

interface Props {
  planned: DayTimeline
  index: number
  onAddNote(): void
}

export function DayMenu({ planned: { day, stops, entries }, index, onAddNote }: Props) {
  const { t } = useTranslation()
  const { plan } = usePlanner()
  const act = useAct()
  const dayName = useDayName()
  const [asking, setAsking] = useState(false)
  const ids = plan.map((planned) => planned.day.id)

  async function order(dayIds: number[], undoTo: number[] | null) {
    if (!(await act(reorder_days, { tripId: day.trip_id, dayIds }))) return
    if (undoTo) tell(t('days.wasMoved'), { undo: () => void order(undoTo, null), undoLabel: t('undo') })
  }

  function swapWith(other: number) {
    const next = [...ids]
    ;[next[index], next[other]] = [ids[other] as number, ids[index] as number]
    void order(next, ids)
  }

  const holdsSomething = entries.some((entry) => entry.kind !== 'booking')
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
        <MenuItem icon={<ArrowUp size={16} />} disabled={index === 0} onSelect={() => swapWith(index - 1)}>
          {t('days.moveUp')}
        </MenuItem>
        <MenuItem
          icon={<ArrowDown size={16} />}
          disabled={index === ids.length - 1}
          onSelect={() => swapWith(index + 1)}
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
