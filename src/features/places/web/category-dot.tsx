import type { CategoryRow } from '../../assignments/web/planner.tsx'

/** What kind of place it is, as a coloured dot with its sign. */
export function CategoryDot({ category, size = 'normal' }: { category: CategoryRow | undefined; size?: 'normal' | 'large' }) {
  const colour = category?.color ?? 'var(--hue-move)'
  return (
    <span
      aria-hidden="true"
      className={
        size === 'large'
          ? 'flex size-11 shrink-0 items-center justify-center rounded-full text-xl'
          : 'flex size-8 shrink-0 items-center justify-center rounded-full text-base'
      }
      style={{ backgroundColor: `color-mix(in srgb, ${colour} 18%, var(--surface))` }}
    >
      {category?.icon ?? '·'}
    </span>
  )
}
