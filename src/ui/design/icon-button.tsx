import type { ComponentProps, ReactNode } from 'react'
import { classes } from './class-names.ts'
import { Tip } from './tooltip.tsx'

interface Props extends Omit<ComponentProps<'button'>, 'aria-label'> {
  /** Its action; shown as a tooltip and read aloud. */
  label: string
  children: ReactNode
  size?: 'small' | 'normal'
}

/** A button with only an icon. */
export function IconButton({ label, children, size = 'normal', className, ...rest }: Props) {
  return (
    <Tip text={label}>
      <button
        type="button"
        {...rest}
        aria-label={label}
        className={classes(
          'inline-flex shrink-0 items-center justify-center rounded-sm text-ink-soft transition-colors duration-(--fast) hover:bg-hover hover:text-ink disabled:cursor-not-allowed disabled:opacity-45 aria-pressed:bg-pine-soft aria-pressed:text-pine-ink',
          size === 'small' ? 'size-8' : 'size-10',
          className,
        )}
      >
        {children}
      </button>
    </Tip>
  )
}
