import { z } from 'zod'
import { shareMap } from '../../days/contract/shared.ts'
import { sharedSection } from '../../sharing/contract/shared-section.ts'
import { Category, Place } from './index.ts'

export const sharedPlaces = sharedSection({
  name: 'places',
  order: 40,
  option: shareMap,
  shape: z.array(
    Place.row.pick({
      id: true,
      name: true,
      description: true,
      lat: true,
      lng: true,
      address: true,
      category_id: true,
      place_time: true,
      end_time: true,
      website: true,
    }),
  ),
})

export const sharedCategories = sharedSection({
  name: 'categories',
  order: 50,
  option: shareMap,
  shape: z.array(Category.row),
})
