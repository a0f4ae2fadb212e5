import { Sparkles } from 'lucide-react'
import { classes } from './class-names.ts'

const HUES = ['sight', 'food', 'nature', 'stay', 'shop', 'other', 'move'] as const

const initials = (name: string): string =>
  name
    .split(/[\s._-]+/)
    .filter(Boolean)
    .slice(0, 2)
    .map((word) => word[0]?.toUpperCase())
    .join('')

interface Props {
  name: string
  /** Decides the colour, so that a person has the same one everywhere. */
  userId: number
  /** An assistant working for the person; it gets its own mark. */
  assistant?: string | null
  size?: 'small' | 'normal' | 'large'
  className?: string
}

const SIZES = { small: 'size-6 text-xs', normal: 'size-8 text-xs', large: 'size-12 text-lg' }

/** A person by initials and colour; a text beside it or its parent must name them. */
export function Avatar({ name, userId, assistant, size = 'normal', className }: Props) {
  const hue = `var(--hue-${HUES[userId % HUES.length]})`
  return (
    <span
      aria-hidden="true"
      className={classes(
        'relative inline-flex shrink-0 select-none items-center justify-center rounded-full font-semibold tracking-tight',
        SIZES[size],
        className,
      )}
      style={{
        backgroundColor: `color-mix(in srgb, ${hue} 20%, var(--surface))`,
        color: `color-mix(in srgb, ${hue} 78%, var(--ink))`,
        boxShadow: `inset 0 0 0 1.5px color-mix(in srgb, ${hue} 50%, transparent)`,
      }}
    >
      {assistant ? <Sparkles size={size === 'small' ? 12 : 15} /> : initials(name).slice(0, size === 'small' ? 1 : 2)}
    </span>
  )
}
