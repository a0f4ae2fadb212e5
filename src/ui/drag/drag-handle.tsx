import type { useDraggable } from '@dnd-kit/core'
import { GripVertical } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { classes } from '../design/class-names.ts'

interface Props {
  name: string
  /** Null for a row that cannot be moved; the space stays, so that it aligns with rows that can. */
  drag: Pick<ReturnType<typeof useDraggable>, 'setNodeRef' | 'listeners' | 'attributes'> | null
  className: string
}

/** The handle that drags a row of the plan, by mouse, finger and keyboard. */
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
