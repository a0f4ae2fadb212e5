import { language } from '../../../ui/i18n.ts'
import type { PackingItemRow } from '../contract/index.ts'

const format = (value: number, unit: 'gram' | 'kilogram'): string =>
  new Intl.NumberFormat(language(), { style: 'unit', unit, maximumFractionDigits: 1 }).format(value)

/** 850 g, 1.2 kg */
export const weightOf = (grams: number): string =>
  grams < 1000 ? format(grams, 'gram') : format(grams / 1000, 'kilogram')

/** The total weight of items, as far as it is known. */
export const totalGrams = (items: readonly PackingItemRow[]): number =>
  items.reduce((sum, { weight_grams, quantity }) => sum + (weight_grams ?? 0) * quantity, 0)
