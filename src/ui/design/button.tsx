import type { ComponentProps, MouseEvent, ReactNode } from 'react'
import { classes } from './class-names.ts'

export type Tone = 'primary' | 'quiet' | 'plain' | 'danger'

const TONES: Record<Tone, string> = {
  primary: 'bg-pine text-on-pine hover:bg-pine-strong',
  quiet: 'border border-line bg-surface text-ink hover:border-line-strong hover:bg-hover',
  plain: 'text-ink-soft hover:bg-hover hover:text-ink',
  danger: 'bg-signal-fill text-on-signal hover:brightness-110',
}

const SIZES = {
  small: 'h-8 gap-1.5 rounded-sm px-3 text-sm',
  normal: 'h-10 gap-2 rounded-md px-4 text-base',
  large: 'h-12 gap-2 rounded-md px-5 text-lg',
}

interface Props extends ComponentProps<'button'> {
  tone?: Tone
  size?: keyof typeof SIZES
  icon?: ReactNode
  /** While an action runs, the button keeps its focus, shows that it is busy and cannot be pressed again. */
  busy?: boolean
}

const base =
  'inline-flex select-none items-center justify-center whitespace-nowrap font-medium transition-[background-color,border-color,color,filter] duration-(--fast) disabled:cursor-not-allowed disabled:opacity-55 aria-disabled:cursor-not-allowed aria-disabled:opacity-55'

export const buttonClass = (tone: Tone = 'quiet', size: keyof typeof SIZES = 'normal') =>
  classes(base, TONES[tone], SIZES[size])

export function Button({ tone = 'quiet', size = 'normal', icon, busy, className, children, ...rest }: Props) {
  return (
    <button
      type="button"
      {...rest}
      {...(busy && { 'aria-disabled': true, 'aria-busy': true, onClick: ignore })}
      className={classes(buttonClass(tone, size), className)}
    >
      {busy ? <Spinner /> : icon}
      {children}
    </button>
  )
}

/** Also prevents submitting a form. */
const ignore = (event: MouseEvent) => event.preventDefault()

const Spinner = () => (
  <svg viewBox="0 0 16 16" className="size-4 animate-spin" aria-hidden="true">
    <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" strokeOpacity="0.25" strokeWidth="2" />
    <path d="M14 8a6 6 0 0 0-6-6" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
  </svg>
)
