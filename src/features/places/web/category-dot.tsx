import { classes } from '../../../ui/design/class-names.ts'
import type { CategoryRow } from '../../plan/web/planner.tsx'
import { CategoryIcon, categoryColour } from './category-icon.tsx'

/** The category of a place, as a coloured dot with an icon. */
export function CategoryDot({
  category,
  size = 'normal',
}: {
  category: CategoryRow | undefined
  size?: 'normal' | 'large'
}) {
  const colour = categoryColour(category)
  return (
    <span
      className={classes(
        'flex shrink-0 items-center justify-center rounded-full',
        size === 'large' ? 'size-11 text-xl' : 'size-8 text-base',
      )}
      style={{ color: colour, backgroundColor: `color-mix(in oklab, ${colour} 16%, var(--surface))` }}
    >
      <CategoryIcon category={category} size={size === 'large' ? 20 : 16} />
    </span>
  )
}
