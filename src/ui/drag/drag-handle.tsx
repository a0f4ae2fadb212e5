import type { useDraggable } from '@dnd-kit/core'
import { GripVertical } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { classes } from '../design/class-names.ts'

interface Props {
  name: string
  /** Null for what may not be moved: the row keeps its place beside rows that may. */
  drag: Pick<ReturnType<typeof useDraggable>, 'setNodeRef' | 'listeners' | 'attributes'> | null
  className: string
}

/** Where a row of the plan is taken hold of, by mouse, by finger and by keyboard. */
export function DragHandle({ name, drag, className }: Props) {
  const { t } = useTranslation()
  if (!drag) return <span aria-hidden="true" className="w-4 shrink-0" />
  const { setNodeRef, listeners, attributes } = drag
  return (
    <button
      ref={setNodeRef}
      type="button"
      {...listeners}
      {...attributes}
      aria-label={t('drag.handle', { name })}
      className={classes(
        'flex w-4 shrink-0 cursor-grab touch-none items-center justify-center rounded-sm text-ink-faint opacity-0 focus-visible:opacity-100 group-hover:opacity-100',
        className,
      )}
    >
      <GripVertical size={14} aria-hidden="true" />
    </button>
  )
}
