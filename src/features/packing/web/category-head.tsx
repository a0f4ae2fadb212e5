import { useTranslation } from 'react-i18next'
import { shownCategory } from '../../../ui/category.ts'
import { patched, removed, useAct } from '../../../ui/live/act.ts'
import { useRows } from '../../../ui/live/hooks.tsx'
import { PeoplePicker } from '../../trips/web/people-picker.tsx'
import { useTrip } from '../../trips/web/trip-context.tsx'
import { PackingAssignees, type PackingItemRow, set_packing_category_assignees } from '../contract/index.ts'

interface Props {
  category: string
  items: readonly PackingItemRow[]
  mayEdit: boolean
}

/** The heading of a category: its progress and its assignees. */
export function CategoryHead({ category, items, mayEdit }: Props) {
  const { t } = useTranslation()
  const trip = useTrip()
  const act = useAct()
  const row = useRows(PackingAssignees).find((one) => one.category === category)

  const name = (user_ids: number[]) =>
    act(
      set_packing_category_assignees,
      { tripId: trip.id, categoryName: category, userIds: user_ids },
      row
        ? [user_ids.length ? patched(PackingAssignees, row.id, { user_ids }) : removed(PackingAssignees, row.id)]
        : [],
    )

  return (
    <div className="mb-2 flex min-h-8 items-center gap-2 px-1">
      <h3 className="min-w-0 truncate font-semibold text-base">{shownCategory(t, category)}</h3>
      <span className="figures flex-1 text-ink-faint text-sm">
        {items.filter(({ checked }) => checked).length} / {items.length}
      </span>
      <PeoplePicker
        label={t('packing.whoPacks', { category: shownCategory(t, category) })}
        chosen={row?.user_ids ?? []}
        onChange={(ids) => void name(ids)}
        disabled={!mayEdit}
        note={t('packing.whoPacksNote')}
      />
    </div>
  )
}
