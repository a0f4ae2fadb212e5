import { MoreHorizontal, Pencil, Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { classes } from '../../../ui/design/class-names.ts'
import { IconButton } from '../../../ui/design/icon-button.tsx'
import { Menu, MenuItem } from '../../../ui/design/menu.tsx'
import { useDialog } from '../../../ui/form/dialog-host.tsx'
import { patched, removed, useAct } from '../../../ui/live/act.ts'
import { Glowing } from '../../../ui/live/glowing.tsx'
import { tellUndoable } from '../../history/web/undo.ts'
import { PeoplePicker } from '../../trips/web/people-picker.tsx'
import {
  delete_packing_bag,
  PackingBag,
  type PackingBagRow,
  PackingItem,
  type PackingItemRow,
  set_bag_members,
} from '../contract/index.ts'
import { BagDialog } from './bag-dialog.tsx'
import { BagDot } from './bag-dot.tsx'
import { totalGrams, weightOf } from './weights.ts'

interface Props {
  bag: PackingBagRow
  /** The items in it that the person sees. */
  items: readonly PackingItemRow[]
  mayEdit: boolean
}

/** The heading of a bag: its people, its weight and the weight that still fits. */
export function BagHead({ bag, items, mayEdit }: Props) {
  const { t } = useTranslation()
  const act = useAct()
  const inBag = { tripId: bag.trip_id, bagId: bag.id }
  const give = (member_ids: number[]) =>
    act(set_bag_members, { ...inBag, userIds: member_ids }, [patched(PackingBag, bag.id, { member_ids })])
  return (
    <Glowing entity={PackingBag} row={bag.id} className="mb-2 rounded-md px-1">
      <div className="flex min-h-8 items-center gap-2.5">
        <BagDot color={bag.color} />
        <h3 className="min-w-0 flex-1 truncate font-semibold text-base">{bag.name}</h3>
        <PeoplePicker
          label={t('packing.whoseBag', { bag: bag.name })}
          chosen={bag.member_ids}
          onChange={(ids) => void give(ids)}
          disabled={!mayEdit}
          note={t('packing.whoseBagNote')}
        />
        {mayEdit && <BagMenu bag={bag} items={items} />}
      </div>
      <Weight bag={bag} items={items} />
    </Glowing>
  )
}

/** The heading of the items without a bag. */
export function LooseHead({ items }: { items: readonly PackingItemRow[] }) {
  const { t } = useTranslation()
  const grams = totalGrams(items)
  return (
    <div className="mb-2 flex min-h-8 items-center gap-2.5 px-1">
      <span aria-hidden="true" className="size-3 rounded-full border border-line-strong border-dashed" />
      <h3 className="flex-1 font-semibold text-base">{t('packing.noBag')}</h3>
      {grams > 0 && <span className="figures text-ink-soft text-sm">{weightOf(grams)}</span>}
    </div>
  )
}

function Weight({ bag: { name, color, weight_limit_grams: limit }, items }: Pick<Props, 'bag' | 'items'>) {
  const { t } = useTranslation()
  const grams = totalGrams(items)
  const unweighed = items.filter(({ weight_grams }) => weight_grams === null).length
  const over = limit === null ? 0 : Math.max(0, grams - limit)
  const weight =
    limit === null ? weightOf(grams) : t('packing.ofLimit', { weight: weightOf(grams), limit: weightOf(limit) })
  return (
    <div className="pb-1">
      {limit !== null && (
        <div
          role="progressbar"
          aria-label={t('packing.weightOf', { bag: name })}
          aria-valuemin={0}
          aria-valuemax={limit}
          aria-valuenow={Math.min(grams, limit)}
          aria-valuetext={weight}
          className="mt-1 h-1.5 overflow-hidden rounded-full bg-hover"
        >
          <div
            className={classes('h-full rounded-full transition-[width] duration-(--steady)', over > 0 && 'bg-signal')}
            style={{
              width: `${Math.min(100, (grams / limit) * 100)}%`,
              ...(over === 0 && { backgroundColor: `color-mix(in srgb, ${color} 82%, var(--ink))` }),
            }}
          />
        </div>
      )}
      <p className="figures mt-1.5 flex flex-wrap gap-x-2 text-ink-soft text-sm">
        <span>{weight}</span>
        {over > 0 && (
          <span className="font-medium text-signal-ink">{t('packing.tooMuch', { weight: weightOf(over) })}</span>
        )}
        {unweighed > 0 && <span className="text-ink-faint">{t('packing.unweighed', { count: unweighed })}</span>}
      </p>
    </div>
  )
}

function BagMenu({ bag, items }: Pick<Props, 'bag' | 'items'>) {
  const { t } = useTranslation()
  const act = useAct()
  const dialog = useDialog()
  const tripId = bag.trip_id

  async function remove() {
    const loose = items.map(({ id }) => patched(PackingItem, id, { bag_id: null }))
    const deleted = await act(delete_packing_bag, { tripId, bagId: bag.id }, [removed(PackingBag, bag.id), ...loose])
    if (deleted) tellUndoable(t('packing.bagWasDeleted', { bag: bag.name }), deleted)
  }

  return (
    <Menu
      trigger={
        <IconButton label={t('packing.bagMenu', { bag: bag.name })} size="small">
          <MoreHorizontal size={16} aria-hidden="true" />
        </IconButton>
      }
    >
      <MenuItem icon={<Pencil size={16} />} onSelect={() => dialog((shown) => <BagDialog bag={bag} {...shown} />)}>
        {t('edit')}
      </MenuItem>
      <MenuItem icon={<Trash2 size={16} />} danger onSelect={() => void remove()}>
        {t('delete')}
      </MenuItem>
    </Menu>
  )
}
