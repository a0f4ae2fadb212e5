import { useDroppable } from '@dnd-kit/core'
import type { ReactNode } from 'react'
import { classes } from '../../../ui/design/class-names.ts'
import { type Gap, gapId, useCarry } from './plan-dnd.tsx'

/** A part of a day with a drop target above it; a line marks the target. */
export function DropGap({ dayId, index, className, children }: Gap & { className?: string; children?: ReactNode }) {
  const { setNodeRef } = useDroppable({ id: gapId({ dayId, index }), data: { dayId, index } satisfies Gap })
  const { carried, gap } = useCarry()
  // A booking stays on its day.
  const fits = carried?.kind !== 'booking' || carried.dayId === dayId
  const isTarget = fits && gap?.dayId === dayId && gap.index === index
  return (
    <div ref={setNodeRef} className={classes('relative', className)}>
      {isTarget && (
        <span
          aria-hidden="true"
          className="pointer-events-none absolute inset-x-2 top-0 z-10 h-0.5 rounded-full bg-signal before:-top-1 before:-left-1 before:absolute before:size-2.5 before:rounded-full before:bg-signal"
        />
      )}
      {children}
    </div>
  )
}
