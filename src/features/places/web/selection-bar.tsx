import { CalendarPlus, Shapes, Trash2, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../ui/design/button.tsx'
import { Dialog, DialogActions } from '../../../ui/design/dialog.tsx'
import { IconButton } from '../../../ui/design/icon-button.tsx'
import { Menu, MenuItem } from '../../../ui/design/menu.tsx'
import { tell } from '../../../ui/design/toast.tsx'
import { patched, removed, useAct } from '../../../ui/live/act.ts'
import { useStopActions } from '../../assignments/web/stop-actions.ts'
import { useDayName } from '../../days/web/day-name.ts'
import type { PlaceRow } from '../../plan/web/plan.ts'
import { usePlanner } from '../../plan/web/planner.tsx'
import { useTrip } from '../../trips/web/trip-context.tsx'
import { bulk_delete_places, bulk_update_places, Place } from '../contract/index.ts'
import { CategoryIcon } from './category-icon.tsx'
import { categoryName } from './category-name.ts'

interface Props {
  chosen: readonly PlaceRow[]
  /** How many can be chosen. */
  of: number
  onAll(): void
  onDone(): void
}

const AT_ONCE = 200

function inParts(places: readonly PlaceRow[]): PlaceRow[][] {
  const parts: PlaceRow[][] = []
  for (let at = 0; at < places.length; at += AT_ONCE) parts.push(places.slice(at, at + AT_ONCE))
  return parts
}

/** The actions on several places at once. */
export function SelectionBar({ chosen, of, onAll, onDone }: Props) {
  const { t } = useTranslation()
  const trip = useTrip()
  const { plan, categories, setFocus, rights } = usePlanner()
  const { assignAll } = useStopActions()
  const act = useAct()
  const dayName = useDayName()
  const [asking, setAsking] = useState(false)
  const tripId = trip.id
  const none = chosen.length === 0

  async function sort(places: readonly PlaceRow[], category_id: number | null): Promise<boolean> {
    for (const part of inParts(places)) {
      const guesses = part.map(({ id }) => patched(Place, id, { category_id }))
      const placeIds = part.map(({ id }) => id)
      if (!(await act(bulk_update_places, { tripId, placeIds, category_id }, guesses))) return false
    }
    return true
  }

  async function recategorise(category_id: number | null) {
    const before = Map.groupBy(chosen, (place) => place.category_id)
    onDone()
    if (!(await sort(chosen, category_id))) return
    const undo = async () => {
      for (const [former, places] of before) await sort(places, former)
    }
    tell(t('places.wereChanged', { count: chosen.length }), { undo: () => void undo(), undoLabel: t('undo') })
  }

  async function remove() {
    setAsking(false)
    setFocus(null)
    onDone()
    for (const part of inParts(chosen)) {
      const guesses = part.map(({ id }) => removed(Place, id))
      if (!(await act(bulk_delete_places, { tripId, placeIds: part.map(({ id }) => id) }, guesses))) return
    }
    tell(t('places.wereDeleted', { count: chosen.length }))
  }

  return (
    <section aria-label={t('places.selection')} className="flex flex-col gap-2 border-line border-t p-3">
      <div className="flex items-center gap-2 pl-1">
        <p className="figures flex-1 text-sm" aria-live="polite">
          {t('places.chosen', { count: chosen.length })}
        </p>
        <Button size="small" tone="plain" disabled={chosen.length === of} onClick={onAll}>
          {t('places.chooseAll', { count: of })}
        </Button>
        <IconButton label={t('places.stopChoosing')} size="small" onClick={onDone}>
          <X size={16} aria-hidden="true" />
        </IconButton>
      </div>
      <div className="flex items-center gap-2">
        {rights.days && (
          <Menu
            align="start"
            trigger={
              <Button
                size="small"
                tone="primary"
                disabled={none}
                className="flex-1"
                icon={<CalendarPlus size={15} aria-hidden="true" />}
              >
                {t('places.putOn')}
              </Button>
            }
          >
            {plan.map(({ day }) => (
              <MenuItem
                key={day.id}
                onSelect={() => {
                  const placeIds = chosen.map(({ id }) => id)
                  onDone()
                  void assignAll(placeIds, day.id)
                }}
              >
                {dayName(day)}
                {day.title && <span className="truncate text-ink-faint">{day.title}</span>}
              </MenuItem>
            ))}
          </Menu>
        )}
        {rights.places && (
          <>
            <Menu
              trigger={
                <Button size="small" disabled={none} icon={<Shapes size={15} aria-hidden="true" />}>
                  {t('places.category')}
                </Button>
              }
            >
              {[...categories.values()].map((category) => (
                <MenuItem
                  key={category.id}
                  icon={<CategoryIcon category={category} size={15} />}
                  onSelect={() => void recategorise(category.id)}
                >
                  {categoryName(t, category)}
                </MenuItem>
              ))}
              <MenuItem onSelect={() => void recategorise(null)}>{t('place.noCategory')}</MenuItem>
            </Menu>
            <IconButton
              label={t('places.deleteChosen', { count: chosen.length })}
              size="small"
              disabled={none}
              className="text-signal-ink"
              onClick={() => setAsking(true)}
            >
              <Trash2 size={16} aria-hidden="true" />
            </IconButton>
          </>
        )}
      </div>
      <Dialog
        open={asking && rights.places}
        onClose={() => setAsking(false)}
        title={t('places.deleteTitle', { count: chosen.length })}
        description={t('places.deleteBody')}
      >
        <DialogActions>
          <Button onClick={() => setAsking(false)}>{t('cancel')}</Button>
          <Button tone="danger" onClick={() => void remove()}>
            {t('places.deleteChosen', { count: chosen.length })}
          </Button>
        </DialogActions>
      </Dialog>
    </section>
  )
}
