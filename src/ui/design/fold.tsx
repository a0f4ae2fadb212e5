import { ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'
import { classes } from './class-names.ts'

interface Props {
  summary: ReactNode
  /** Whether it is open at first. */
  open?: boolean
  className?: string
  children: ReactNode
}

/** Further details on demand. */
export const Fold = ({ summary, open, className, children }: Props) => (
  <details open={open} className={classes('group/fold', className)}>
    <summary className="-ml-1 inline-flex min-h-8 cursor-pointer select-none list-none items-center gap-1 rounded-sm pr-2 text-ink-soft text-sm hover:text-ink [&::-webkit-details-marker]:hidden">
      <ChevronRight
        size={16}
        aria-hidden="true"
        className="shrink-0 text-ink-faint transition-transform duration-(--fast) group-open/fold:rotate-90"
      />
      {summary}
    </summary>
    <div className="pt-2">{children}</div>
  </details>
)
