import type { TFunction } from 'i18next'

/** The categories of a new instance, by their original names. A renamed one is shown as it is. */
const GIVEN = {
  Hotel: 'hotel',
  Restaurant: 'restaurant',
  Attraction: 'attraction',
  Shopping: 'shopping',
  Transport: 'transport',
  Activity: 'activity',
  'Bar/Cafe': 'bar',
  Beach: 'beach',
  Nature: 'nature',
  Other: 'other',
} as const

const isGiven = (name: string): name is keyof typeof GIVEN => Object.hasOwn(GIVEN, name)

/** The name of a category in the language of the page. */
export const categoryName = (t: TFunction, { name }: { readonly name: string }): string =>
  isGiven(name) ? t(`places.givenCategory.${GIVEN[name]}`) : name
