import { type KeyboardEvent, type PointerEvent, useRef } from 'react'
import { classes } from '../../ui/design/class-names.ts'

interface Props {
  /** The side of the pane that this edge is on. */
  side: 'left' | 'right'
  label: string
  width: number
  least: number
  most: number
  usual: number
  onWidth(width: number): void
}

const STEP = 16

/** The edge that resizes a pane: by pointer, by arrow keys, and back to the usual width by a double click. */
export function PaneEdge({ side, label, width, least, most, usual, onWidth }: Props) {
  const from = useRef<{ x: number; width: number } | null>(null)
  const wider = side === 'right' ? 1 : -1
  const set = (next: number) => onWidth(Math.round(Math.max(least, Math.min(most, next))))

  function keys(event: KeyboardEvent) {
    const step = { ArrowRight: STEP, ArrowLeft: -STEP }[event.key]
    if (!step) return
    event.preventDefault()
    set(width + step * wider)
  }

  function begin(event: PointerEvent<HTMLElement>) {
    from.current = { x: event.clientX, width }
    event.currentTarget.setPointerCapture(event.pointerId)
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: HTML has no element for a movable separator
    <div
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation="vertical"
      aria-valuenow={width}
      aria-valuemin={least}
      aria-valuemax={most}
      onKeyDown={keys}
      onPointerDown={begin}
      onPointerMove={(event) => from.current && set(from.current.width + (event.clientX - from.current.x) * wider)}
      onPointerUp={() => {
        from.current = null
      }}
      onDoubleClick={() => set(usual)}
      className={classes(
        'absolute inset-y-0 z-20 w-2 cursor-col-resize touch-none transition-colors duration-(--fast) hover:bg-pine/25 focus-visible:bg-pine/40 focus-visible:outline-none max-lg:hidden',
        side === 'right' ? '-right-1' : '-left-1',
      )}
    />
  )
}
