import type { ReactNode } from 'react'
import { classes } from './class-names.ts'

const TONES = {
  plain: 'bg-hover text-ink-soft',
  pine: 'bg-pine-soft text-pine-ink',
  signal: 'bg-signal-soft text-signal-ink',
}

export const Badge = ({ tone = 'plain', children }: { tone?: keyof typeof TONES; children: ReactNode }) => (
  <span
    className={classes('figures inline-flex h-5 items-center gap-1 rounded-full px-2 font-medium text-xs', TONES[tone])}
  >
    {children}
  </span>
)
