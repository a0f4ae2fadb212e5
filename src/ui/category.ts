import type { TFunction } from 'i18next'
import { DEFAULT_CATEGORY } from '../core/declare/values.ts'

/** The name of a category as people read it. */
export const shownCategory = (t: TFunction, category: string): string =>
  category === DEFAULT_CATEGORY ? t('category.general') : category

/** The text in a form's field for a category; empty for the default one, whose name is the placeholder. */
export const typedCategory = (category: string): string => (category === DEFAULT_CATEGORY ? '' : category)

/** The category for the text in a form's field. */
export const storedCategory = (t: TFunction, text: string): string => {
  const category = text.trim()
  return category === '' || category === t('category.general') ? DEFAULT_CATEGORY : category
}
