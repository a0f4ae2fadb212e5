import { Flag } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Tip } from '../../../ui/design/tooltip.tsx'

/** The priorities in the order they are offered: from the highest to none. */
export const PRIORITIES = [1, 2, 3, 0] as const

const COLOURS: Record<number, string> = { 1: 'var(--signal-ink)', 2: 'var(--hue-other)', 3: 'var(--hue-sight)' }

/** A flag in the colour of a priority. */
export const PriorityFlag = ({ priority, size = 14 }: { priority: number; size?: number }) => (
  <Flag
    size={size}
    aria-hidden="true"
    style={{ color: COLOURS[priority] ?? 'var(--ink-faint)' }}
    fill={priority === 1 ? 'currentColor' : 'none'}
  />
)

/** The priority of a to-do; nothing without one. */
export function PriorityMark({ priority }: { priority: number }) {
  const { t } = useTranslation()
  if (!priority) return null
  const text = t(`todos.priorities.${priority}`)
  return (
    <Tip text={text}>
      <span role="img" aria-label={text} className="flex shrink-0">
        <PriorityFlag priority={priority} />
      </span>
    </Tip>
  )
}
