import { Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { classes } from '../../../ui/design/class-names.ts'

interface Props {
  /** For information only; nothing is wrong. */
  mild?: boolean
  action?: ReactNode
  children: ReactNode
}

/** Something to know before continuing. */
export function Notice({ mild, action, children }: Props) {
  const Icon = mild ? Info : TriangleAlert
  return (
    <div
      className={classes(
        'flex flex-wrap items-center gap-x-3 gap-y-3 rounded-md px-3.5 py-3',
        mild ? 'bg-sunken text-ink-soft' : 'bg-signal-soft text-signal-ink',
      )}
    >
      <div className="flex min-w-0 flex-1 basis-64 gap-3">
        <Icon size={18} aria-hidden="true" className="mt-px shrink-0" />
        <p className="min-w-0 flex-1">{children}</p>
      </div>
      {action}
    </div>
  )
}
