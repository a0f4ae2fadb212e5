import { z } from 'zod'
import { Latitude, Longitude } from '../../../core/declare/values.ts'
import { shareBookings } from '../../reservations/contract/shared.ts'
import { sharedSection } from '../../sharing/contract/shared-section.ts'
import { Accommodation } from './index.ts'

const Where = z.object({
  name: z.string(),
  lat: Latitude.nullable(),
  lng: Longitude.nullable(),
  address: z.string().nullable(),
})

export const sharedStays = sharedSection({
  name: 'stays',
  order: 70,
  option: shareBookings,
  shape: z.array(
    Accommodation.row
      .pick({ id: true, place_id: true, start_day_id: true, end_day_id: true, check_in: true, check_out: true })
      .extend({ place: Where.nullable() }),
  ),
})
