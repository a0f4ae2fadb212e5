import {
  type CollisionDetection,
  closestCenter,
  DndContext,
  type DragEndEvent,
  type DragOverEvent,
  KeyboardSensor,
  MouseSensor,
  pointerWithin,
  TouchSensor,
  type UniqueIdentifier,
  useDroppable,
  useSensor,
  useSensors,
} from '@dnd-kit/core'
import {
  SortableContext,
  sortableKeyboardCoordinates,
  useSortable,
  verticalListSortingStrategy,
} from '@dnd-kit/sortable'
import { GripVertical } from 'lucide-react'
import { createContext, type ReactNode, use, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { classes } from '../design/class-names.ts'

/** Rows under one heading. */
export interface RowGroup {
  readonly key: string
  readonly title: string
  readonly ids: readonly number[]
}

interface Props {
  groups: readonly RowGroup[]
  nameOf(id: number): string
  /** Called when a row is dropped in a group, before the row `before` of that group or at its end. */
  onMove(id: number, group: string, before: number | null): void
  children: ReactNode
}

const OverContext = createContext<string | null>(null)

const PREFIX = 'group:'
const isGroup = (id: UniqueIdentifier): id is string => typeof id === 'string' && id.startsWith(PREFIX)

/** The target below the pointer; with the keyboard, the nearest. */
const findTarget: CollisionDetection = (args) => (args.pointerCoordinates ? pointerWithin(args) : closestCenter(args))

/** Lets people move rows within and between groups, by mouse, finger and keyboard. */
export function GroupedDrag({ groups, nameOf, onMove, children }: Props) {
  const { t } = useTranslation()
  const [over, setOver] = useState<string | null>(null)
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 6 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 220, tolerance: 8 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  )
  const groupAt = (id: UniqueIdentifier | undefined): RowGroup | undefined =>
    id === undefined
      ? undefined
      : groups.find(({ key, ids }) => (isGroup(id) ? id === PREFIX + key : ids.includes(Number(id))))
  const labelOf = (id: UniqueIdentifier) => (isGroup(id) ? (groupAt(id)?.title ?? '') : nameOf(Number(id)))

  function follow({ active, over }: DragOverEvent) {
    const group = groupAt(over?.id)
    setOver(group && group !== groupAt(active.id) ? group.key : null)
  }

  function drop({ active, over }: DragEndEvent) {
    setOver(null)
    const group = groupAt(over?.id)
    if (!over || !group || over.id === active.id) return
    const id = Number(active.id)
    onMove(id, group.key, isGroup(over.id) ? null : nextAfterDrop(group.ids, id, Number(over.id)))
  }

  return (
    <DndContext
      sensors={sensors}
      collisionDetection={findTarget}
      onDragOver={follow}
      onDragEnd={drop}
      onDragCancel={() => setOver(null)}
      accessibility={{
        screenReaderInstructions: { draggable: t('drag.instructions') },
        announcements: {
          onDragStart: ({ active }) => t('drag.lifted', { name: labelOf(active.id) }),
          onDragOver: ({ over }) => (over ? t('drag.over', { name: labelOf(over.id) }) : undefined),
          onDragEnd: ({ active }) => t('drag.done', { name: labelOf(active.id) }),
          onDragCancel: ({ active }) => t('drag.cancelled', { name: labelOf(active.id) }),
        },
      }}
    >
      <OverContext value={over}>{children}</OverContext>
    </DndContext>
  )
}

/** The row after a row that was dropped on another: behind that one if it came from above, else before it. */
function nextAfterDrop(ids: readonly number[], id: number, onto: number): number | null {
  const cameFromAbove = ids.includes(id) && ids.indexOf(id) < ids.indexOf(onto)
  return cameFromAbove ? (ids[ids.indexOf(onto) + 1] ?? null) : onto
}

/** The list of one group; it is highlighted while a row from another group is over it. */
export function DragList({ group, empty, children }: { group: RowGroup; empty?: ReactNode; children: ReactNode }) {
  const isOver = use(OverContext) === group.key
  // With rows, the target is a row; the whole list is only a target when empty.
  const { setNodeRef } = useDroppable({ id: PREFIX + group.key, disabled: group.ids.length > 0 })
  return (
    <SortableContext items={group.ids as number[]} strategy={verticalListSortingStrategy}>
      <ul
        ref={setNodeRef}
        className={classes(
          'divide-y divide-line rounded-lg border bg-surface transition-[border-color,box-shadow] duration-(--fast)',
          isOver ? 'border-pine-ink ring-3 ring-pine-ink/20' : 'border-line',
        )}
      >
        {group.ids.length ? children : <li className="px-4 py-5 text-center text-ink-faint text-sm">{empty}</li>}
      </ul>
    </SortableContext>
  )
}

interface RowProps {
  id: number
  name: string
  /** Whether it cannot be moved. */
  fixed?: boolean
  children: ReactNode
}

/** One row of a group, with its handle. */
export function DragRow({ id, name, fixed, children }: RowProps) {
  const { t } = useTranslation()
  const { setNodeRef, listeners, attributes, transform, transition, isDragging } = useSortable({
    id,
    disabled: fixed ?? false,
  })
  return (
    <li
      ref={setNodeRef}
      style={{ transform: transform ? `translateY(${transform.y}px)` : undefined, transition }}
      className={classes(
        'flex bg-surface first:rounded-t-lg last:rounded-b-lg',
        isDragging && 'relative z-10 rounded-lg shadow-lift',
      )}
    >
      {fixed ? (
        <span className="w-3 shrink-0" />
      ) : (
        <button
          type="button"
          {...listeners}
          {...attributes}
          aria-label={t('drag.handle', { name })}
          className="flex min-h-12 w-6 shrink-0 cursor-grab touch-none items-center justify-center rounded-l-lg text-ink-faint opacity-50 hover:opacity-100 focus-visible:opacity-100"
        >
          <GripVertical size={15} aria-hidden="true" />
        </button>
      )}
      {children}
    </li>
  )
}
