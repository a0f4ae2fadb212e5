import { CalendarPlus, Shapes, Trash2, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../ui/design/button.tsx'
import { Dialog, DialogActions } from '../../../ui/design/dialog.tsx'
import { IconButton } from '../../../ui/design/icon-button.tsx'
import { Menu, MenuItem } from '../../../ui/design/menu.tsx'
import { useStopActions } from '../../assignments/web/stop-actions.ts'
import { useDayName } from '../../days/web/day-name.ts'
import type { PlaceRow } from '../../plan/web/plan.ts'
import { usePlanner } from '../../plan/web/planner.tsx'
import { CategoryIcon } from './category-icon.tsx'
import { categoryName } from './category-name.ts'
import { useBulkActions } from './use-bulk-actions.ts'

interface Props {
  chosen: readonly PlaceRow[]
  /** How many can be chosen. */
  of: number
  onAll(): void
  onDone(): void
}

/** The actions on several places at once. */
export function SelectionBar({ chosen, of, onAll, onDone }: Props) {
  const { t } = useTranslation()
  const { setFocus, rights } = usePlanner()
  const { assignAll } = useStopActions()
  const { recategorise, remove } = useBulkActions()
  const [asking, setAsking] = useState(false)
  const none = chosen.length === 0
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
          <DayMenu
            disabled={none}
            onPick={(dayId) => {
              onDone()
              void assignAll(
                chosen.map(({ id }) => id),
                dayId,
              )
            }}
          />
        )}
        {rights.places && (
          <>
            <CategoryMenu
              disabled={none}
              onPick={(categoryId) => {
                onDone()
                void recategorise(chosen, categoryId)
              }}
            />
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
      <DeleteDialog
        open={asking && rights.places}
        count={chosen.length}
        onClose={() => setAsking(false)}
        onDelete={() => {
          setAsking(false)
          setFocus(null)
          onDone()
          void remove(chosen)
        }}
      />
    </section>
  )
}

interface MenuProps<Picked> {
  disabled: boolean
  onPick(picked: Picked): void
}

function DayMenu({ disabled, onPick }: MenuProps<number>) {
  const { t } = useTranslation()
  const { plan } = usePlanner()
  const dayName = useDayName()
  return (
    <Menu
      align="start"
      trigger={
        <Button
          size="small"
          tone="primary"
          disabled={disabled}
          className="flex-1"
          icon={<CalendarPlus size={15} aria-hidden="true" />}
        >
          {t('places.putOn')}
        </Button>
      }
    >
      {plan.map(({ day }) => (
        <MenuItem key={day.id} onSelect={() => onPick(day.id)}>
          {dayName(day)}
          {day.title && <span className="truncate text-ink-faint">{day.title}</span>}
        </MenuItem>
      ))}
    </Menu>
  )
}

function CategoryMenu({ disabled, onPick }: MenuProps<number | null>) {
  const { t } = useTranslation()
  const { categories } = usePlanner()
  return (
    <Menu
      trigger={
        <Button size="small" disabled={disabled} icon={<Shapes size={15} aria-hidden="true" />}>
          {t('places.category')}
        </Button>
      }
    >
      {[...categories.values()].map((category) => (
        <MenuItem
          key={category.id}
          icon={<CategoryIcon category={category} size={15} />}
          onSelect={() => onPick(category.id)}
        >
          {categoryName(t, category)}
        </MenuItem>
      ))}
      <MenuItem onSelect={() => onPick(null)}>{t('place.noCategory')}</MenuItem>
    </Menu>
  )
}

interface DeleteProps {
  open: boolean
  count: number
  onClose(): void
  onDelete(): void
}

function DeleteDialog({ open, count, onClose, onDelete }: DeleteProps) {
  const { t } = useTranslation()
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={t('places.deleteTitle', { count })}
      description={t('places.deleteBody', { count })}
    >
      <DialogActions>
        <Button onClick={onClose}>{t('cancel')}</Button>
        <Button tone="danger" onClick={onDelete}>
          {t('places.deleteChosen', { count })}
        </Button>
      </DialogActions>
    </Dialog>
  )
}
