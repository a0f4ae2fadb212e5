import {
  type Announcements,
  type CollisionDetection,
  DndContext,
  type DragEndEvent,
  type DragOverEvent,
  DragOverlay,
  type DragStartEvent,
  KeyboardCode,
  type KeyboardCoordinateGetter,
  KeyboardSensor,
  MouseSensor,
  pointerWithin,
  TouchSensor,
  type UniqueIdentifier,
  useSensor,
  useSensors,
} from '@dnd-kit/core'
import { createContext, type ReactNode, use, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { tell } from '../../../ui/design/toast.tsx'
import { useStopActions } from '../../assignments/web/stop-actions.ts'
import { useDayName } from '../../days/web/day-name.ts'
import { type EntryKind, refOf } from '../contract/entry.ts'
import { nameOfEntry } from './entries.ts'
import { useMoves } from './moves.ts'
import { usePlanner } from './planner.tsx'

/** The dragged item: a stop, a note or a booking of a day, or a place of the pool. */
export type Carried =
  | { readonly kind: EntryKind; readonly id: number; readonly dayId: number; readonly name: string }
  | { readonly kind: 'place'; readonly placeId: number; readonly name: string }

/** A drop target: before the entry at `index` of the day’s timeline, or at the end of the day. */
export interface Gap {
  readonly dayId: number
  readonly index: number
}

export const gapId = ({ dayId, index }: Gap): string => `gap:${dayId}:${index}`

const CarryContext = createContext<{ carried: Carried | null; gap: Gap | null }>({ carried: null, gap: null })

/** The dragged item, and the drop target below it. */
export const useCarry = () => use(CarryContext)

/** The target below the pointer; with the keyboard, the one it was moved to. */
const findGap: CollisionDetection = (found) => {
  if (found.pointerCoordinates) return pointerWithin(found)
  const { top, left } = found.collisionRect
  let nearest: { id: UniqueIdentifier; distance: number } | null = null
  for (const { id } of found.droppableContainers) {
    const rect = found.droppableRects.get(id)
    if (!rect) continue
    const distance = Math.hypot(rect.top - top, rect.left - left)
    if (!nearest || distance < nearest.distance) nearest = { id, distance }
  }
  return nearest ? [{ id: nearest.id, data: { value: nearest.distance } }] : []
}

const DIRECTIONS: Record<string, number> = { [KeyboardCode.Down]: 1, [KeyboardCode.Up]: -1 }

/** The arrow keys go from target to target, through all days. */
const toNextGap: KeyboardCoordinateGetter = (event, { context }) => {
  const direction = DIRECTIONS[event.code]
  if (!direction) return undefined
  event.preventDefault()
  const gaps = [...context.droppableRects.entries()]
    .filter(([id]) => String(id).startsWith('gap:'))
    .toSorted(([, a], [, b]) => a.top - b.top)
  const position = gaps.findIndex(([id]) => id === context.over?.id)
  const next = gaps[Math.max(0, Math.min(gaps.length - 1, position + direction))]
  return next ? { x: next[1].left, y: next[1].top } : undefined
}

/** Drag and drop of stops, notes, bookings and places between the pool and the days, by mouse, finger or keyboard. */
export function PlanDnd({ children }: { children: ReactNode }) {
  const { t } = useTranslation()
  const { plan } = usePlanner()
  const { assign } = useStopActions()
  const { move } = useMoves()
  const dayName = useDayName()
  const [carried, setCarried] = useState<Carried | null>(null)
  const [gap, setGap] = useState<Gap | null>(null)
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 6 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 220, tolerance: 8 } }),
    useSensor(KeyboardSensor, { coordinateGetter: toNextGap }),
  )

  const gapOf = (over: DragOverEvent['over']) => (over?.data.current as Gap | undefined) ?? null
  const carriedOf = (event: DragStartEvent | DragEndEvent) => event.active.data.current as Carried | undefined

  function drop(event: DragEndEvent) {
    const carriedEntry = carriedOf(event)
    const where = gapOf(event.over)
    setCarried(null)
    setGap(null)
    if (!carriedEntry || !where) return
    if (carriedEntry.kind === 'place') void assign(carriedEntry.placeId, where.dayId, where.index)
    else if (carriedEntry.kind === 'booking' && carriedEntry.dayId !== where.dayId)
      tell(t('plan.bookingStays', { name: carriedEntry.name }))
    else void move(refOf(carriedEntry), carriedEntry.dayId, where.dayId, where.index)
  }

  const whereIs = (where: Gap | null) => {
    const found = plan.find(({ day }) => day.id === where?.dayId)
    if (!found || !where) return t('drag.nowhere')
    const nextEntry = found.entries[where.index]
    const day = dayName(found.day)
    return nextEntry ? t('drag.before', { day, stop: nameOfEntry(nextEntry) }) : t('drag.atEnd', { day })
  }
  const nameOf = (active: DragStartEvent['active']) => (active.data.current as Carried | undefined)?.name ?? ''
  const announcements: Announcements = {
    onDragStart: ({ active }) => t('drag.lifted', { name: nameOf(active) }),
    onDragOver: ({ over }) => whereIs(gapOf(over)),
    onDragEnd: ({ active, over }) => t('drag.dropped', { name: nameOf(active), where: whereIs(gapOf(over)) }),
    onDragCancel: ({ active }) => t('drag.cancelled', { name: nameOf(active) }),
  }

  const value = useMemo(() => ({ carried, gap }), [carried, gap])
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={findGap}
      accessibility={{ announcements, screenReaderInstructions: { draggable: t('drag.instructions') } }}
      onDragStart={(event) => setCarried(carriedOf(event) ?? null)}
      onDragOver={(event) => setGap(gapOf(event.over))}
      onDragEnd={drop}
      onDragCancel={() => {
        setCarried(null)
        setGap(null)
      }}
    >
      <CarryContext value={value}>{children}</CarryContext>
      <DragOverlay dropAnimation={null} style={{ width: 'auto', height: 'auto' }}>
        {carried && (
          <div className="w-fit max-w-64 truncate rounded-md border border-pine-ink bg-surface px-3 py-2 font-medium shadow-float">
            {carried.name}
          </div>
        )}
      </DragOverlay>
    </DndContext>
  )
}
