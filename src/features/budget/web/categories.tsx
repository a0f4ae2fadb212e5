import type { TFunction } from 'i18next'
import {
  BedDouble,
  HandCoins,
  HeartPulse,
  Landmark,
  type LucideIcon,
  Plane,
  ReceiptText,
  ShoppingBag,
  ShoppingBasket,
  Tag,
  Ticket,
  TrainFront,
  Utensils,
} from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { CATEGORIES } from '../contract/index.ts'

type Known = (typeof CATEGORIES)[number]

const LOOKS: Record<Known, { Icon: LucideIcon; hue: string }> = {
  accommodation: { Icon: BedDouble, hue: 'stay' },
  food: { Icon: Utensils, hue: 'food' },
  groceries: { Icon: ShoppingBasket, hue: 'food' },
  transport: { Icon: TrainFront, hue: 'move' },
  flights: { Icon: Plane, hue: 'sight' },
  activities: { Icon: Ticket, hue: 'nature' },
  sightseeing: { Icon: Landmark, hue: 'sight' },
  shopping: { Icon: ShoppingBag, hue: 'shop' },
  fees: { Icon: ReceiptText, hue: 'move' },
  health: { Icon: HeartPulse, hue: 'nature' },
  tips: { Icon: HandCoins, hue: 'other' },
  other: { Icon: Tag, hue: 'other' },
}

const isKnown = (category: string): category is Known => (CATEGORIES as readonly string[]).includes(category)

export const hueOf = (category: string): string => `var(--hue-${isKnown(category) ? LOOKS[category].hue : 'other'})`

/** The name of a category; a custom one is its own name. */
export const categoryName = (t: TFunction, category: string): string =>
  isKnown(category) ? t(`costs.category.${category}`) : category

/** The names of categories, and the category for a name. */
export function useCategoryNames() {
  const { t } = useTranslation()
  const nameOf = (category: string) => categoryName(t, category)
  return {
    nameOf,
    usual: CATEGORIES.map(nameOf),
    named(text: string): string {
      const wanted = text.trim().toLowerCase()
      return CATEGORIES.find((category) => nameOf(category).toLowerCase() === wanted) ?? text.trim()
    },
  }
}

/** The icon of a category; its name is beside it. */
export function CategoryMark({ category, small }: { category: string; small?: boolean }) {
  const Icon = isKnown(category) ? LOOKS[category].Icon : Tag
  const hue = hueOf(category)
  return (
    <span
      aria-hidden="true"
      className={`flex shrink-0 items-center justify-center rounded-md ${small ? 'size-7' : 'size-9'}`}
      style={{
        backgroundColor: `color-mix(in srgb, ${hue} 16%, var(--surface))`,
        color: `color-mix(in srgb, ${hue} 82%, var(--ink))`,
      }}
    >
      <Icon size={small ? 15 : 18} />
    </span>
  )
}
