import {
  BedDouble,
  Bus,
  Coffee,
  Landmark,
  Leaf,
  type LucideIcon,
  MapPin,
  ShoppingBag,
  Target,
  TreePalm,
  Utensils,
} from 'lucide-react'
import type { CategoryRow } from '../../plan/web/planner.tsx'

// Categories have an emoji, which looks different everywhere; the usual ones are drawn like our other icons.
const DRAWN: Record<string, LucideIcon> = {
  '🎯': Target,
  '🏛': Landmark,
  '☕': Coffee,
  '🏖': TreePalm,
  '🏨': BedDouble,
  '🌿': Leaf,
  '📍': MapPin,
  '🍽': Utensils,
  '🛍': ShoppingBag,
  '🚌': Bus,
}

/** The colour of a category, quieter than it was chosen, so that many of them go together. */
export const categoryColour = (category: CategoryRow | undefined): string =>
  category ? `color-mix(in oklab, ${category.color} 58%, var(--ink-soft))` : 'var(--ink-faint)'

/** What kind of place it is, as a sign; the words stand beside it. */
export function CategoryIcon({ category, size }: { category: CategoryRow | undefined; size: number }) {
  if (!category) return <MapPin size={size} aria-hidden="true" />
  const Icon = DRAWN[category.icon.replaceAll('\ufe0f', '')]
  return Icon ? <Icon size={size} aria-hidden="true" /> : <span aria-hidden="true">{category.icon}</span>
}
