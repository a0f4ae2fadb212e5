import {
  closestCenter,
  DndContext,
  type DragEndEvent,
  KeyboardSensor,
  MouseSensor,
  TouchSensor,
  useSensor,
  useSensors,
} from '@dnd-kit/core'
import { SortableContext, sortableKeyboardCoordinates, verticalListSortingStrategy } from '@dnd-kit/sortable'
import { useTranslation } from 'react-i18next'
import { patched, useAct } from '../../../web/live/act.ts'
import { usePlanner } from '../../../web/planner/planner.tsx'
import { PackingItem, type PackingItemRow, reorder_packing_items } from '../contract.ts'
import { ItemRow } from './item-row.tsx'

interface Props {
  category: string
  items: readonly PackingItemRow[]
  /** All items that the person sees: a new order names every one. */
  everything: readonly PackingItemRow[]
}

/** The ids of a list after the item at one place has taken the place of another. */
export function reordered(ids: readonly number[], from: number, to: number): number[] {
  const rest = ids.filter((id) => id !== from)
  const at = rest.indexOf(to)
  const after = ids.indexOf(from) < ids.indexOf(to) ? 1 : 0
  return [...rest.slice(0, at + after), from, ...rest.slice(at + after)]
}

/** The items under one heading, which can be put into another order. */
export function CategoryList({ category, items, everything }: Props) {
  const { t } = useTranslation()
  const { trip } = usePlanner()
  const act = useAct()
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 6 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 220, tolerance: 8 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  )
  const nameOf = (id: number | string | undefined) => items.find((item) => item.id === id)?.name ?? ''

  function drop({ active, over }: DragEndEvent) {
    if (!over || active.id === over.id) return
    const orderedIds = reordered(
      everything.map(({ id }) => id),
      Number(active.id),
      Number(over.id),
    )
    const guesses = orderedIds.map((id, sort_order) => patched(PackingItem, id, { sort_order }))
    void act(reorder_packing_items, { tripId: trip.id, orderedIds }, guesses)
  }

  return (
    <section aria-label={category}>
      <h3 className="mb-2 flex items-baseline gap-2 px-1 font-semibold text-base">
        {category}
        <span className="figures font-normal text-ink-faint text-sm">
          {items.filter(({ checked }) => checked).length} / {items.length}
        </span>
      </h3>
      <DndContext
        sensors={sensors}
        collisionDetection={closestCenter}
        onDragEnd={drop}
        accessibility={{
          screenReaderInstructions: { draggable: t('drag.instructions') },
          announcements: {
            onDragStart: ({ active }) => t('drag.lifted', { name: nameOf(active.id) }),
            onDragOver: ({ over }) => (over ? t('drag.over', { name: nameOf(over.id) }) : undefined),
            onDragEnd: ({ active }) => t('drag.done', { name: nameOf(active.id) }),
            onDragCancel: ({ active }) => t('drag.cancelled', { name: nameOf(active.id) }),
          },
        }}
      >
        <SortableContext items={items.map(({ id }) => id)} strategy={verticalListSortingStrategy}>
          <ul className="divide-y divide-line rounded-lg border border-line bg-surface">
            {items.map((item) => (
              <ItemRow key={item.id} item={item} />
            ))}
          </ul>
        </SortableContext>
      </DndContext>
    </section>
  )
}
