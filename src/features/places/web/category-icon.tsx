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

// Emoji look different everywhere, so the usual categories are drawn like our other icons.
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

/** The colour of a category, toned down so that many of them go together. */
export const categoryColour = (category: CategoryRow | undefined): string =>
  category ? `color-mix(in oklab, ${category.color} 58%, var(--ink-soft))` : 'var(--ink-faint)'

/** The icon of a category; its name is beside it. */
export function CategoryIcon({ category, size }: { category: CategoryRow | undefined; size: number }) {
  if (!category) return <MapPin size={size} aria-hidden="true" />
  const Icon = DRAWN[category.icon.replaceAll('\ufe0f', '')]
  return Icon ? <Icon size={size} aria-hidden="true" /> : <span aria-hidden="true">{category.icon}</span>
}
