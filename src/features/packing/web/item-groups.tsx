import { useTranslation } from 'react-i18next'
import { DragList, GroupedDrag, type RowGroup } from '../../../ui/drag/grouped-drag.tsx'
import { moved, patched, useAct } from '../../../ui/live/act.ts'
import { useTrip } from '../../trips/web/trip-context.tsx'
import { type PackingBagRow, PackingItem, type PackingItemRow, update_packing_item } from '../contract/index.ts'
import { BagHead, LooseHead } from './bag-head.tsx'
import { CategoryHead } from './category-head.tsx'
import { ItemRow } from './item-row.tsx'

interface Props {
  by: 'category' | 'bag'
  /** The items to show. */
  items: readonly PackingItemRow[]
  /** All items that the person sees. */
  everything: readonly PackingItemRow[]
  bags: readonly PackingBagRow[]
  mayEdit: boolean
}

interface Group extends RowGroup {
  readonly items: readonly PackingItemRow[]
  readonly bag?: PackingBagRow | undefined
}

const LOOSE = 'loose'

/** The packing list grouped by category or by bag. */
export function ItemGroups({ by, items, everything, bags, mayEdit }: Props) {
  const { t } = useTranslation()
  const trip = useTrip()
  const act = useAct()
  const groups = by === 'category' ? byCategory(items) : byBag(items, bags, t('packing.noBag'))

  function move(id: number, key: string, before: number | null) {
    const group = groups.find((one) => one.key === key)
    if (!group) return
    const values = by === 'category' ? { category: group.title } : { bag_id: group.bag?.id ?? null }
    const guesses = [patched(PackingItem, id, values), ...moved(PackingItem, everything, id, before)]
    void act(update_packing_item, { tripId: trip.id, itemId: id, ...values, before }, guesses)
  }

  return (
    <GroupedDrag groups={groups} nameOf={(id) => items.find((item) => item.id === id)?.name ?? ''} onMove={move}>
      <div className="flex flex-col gap-8">
        {groups.map((group) => (
          <section key={group.key} aria-label={group.title}>
            {by === 'category' ? (
              <CategoryHead category={group.title} items={group.items} mayEdit={mayEdit} />
            ) : group.bag ? (
              <BagHead
                bag={group.bag}
                items={everything.filter((item) => item.bag_id === group.bag?.id)}
                mayEdit={mayEdit}
              />
            ) : (
              <LooseHead items={group.items} />
            )}
            <DragList group={group} empty={t('packing.emptyBag')}>
              {group.items.map((item) => (
                <ItemRow key={item.id} item={item} bags={bags} by={by} mayEdit={mayEdit} />
              ))}
            </DragList>
          </section>
        ))}
      </div>
    </GroupedDrag>
  )
}

const group = (key: string, title: string, items: readonly PackingItemRow[], bag?: PackingBagRow): Group => ({
  key,
  title,
  items,
  bag,
  ids: items.map(({ id }) => id),
})

const byCategory = (items: readonly PackingItemRow[]): Group[] =>
  [...Map.groupBy(items, (item) => item.category)].map(([category, inIt]) => group(category, category, inIt))

/** Every bag, including empty ones, and last the items without one. */
function byBag(items: readonly PackingItemRow[], bags: readonly PackingBagRow[], loose: string): Group[] {
  const inBags = Map.groupBy(items, (item) => (bags.some(({ id }) => id === item.bag_id) ? item.bag_id : null))
  return [
    ...bags.map((bag) => group(String(bag.id), bag.name, inBags.get(bag.id) ?? [], bag)),
    group(LOOSE, loose, inBags.get(null) ?? []),
  ]
}
