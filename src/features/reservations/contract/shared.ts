import { z } from 'zod'
import { Latitude, Longitude } from '../../../core/declare/values.ts'
import { sharedSection, shareOption } from '../../sharing/contract/shared-section.ts'
import { Endpoint } from './endpoint.ts'
import { Reservation } from './index.ts'

export const shareBookings = shareOption({
  name: 'share_bookings',
  order: 20,
  usual: true,
  says: 'Show bookings, never their numbers.',
})

export const sharedBookings = sharedSection({
  name: 'bookings',
  order: 60,
  option: shareBookings,
  shape: z.array(
    Reservation.row
      .pick({
        id: true,
        type: true,
        title: true,
        status: true,
        day_id: true,
        end_day_id: true,
        location: true,
        accommodation_id: true,
        day_keys: true,
      })
      .extend({
        reservation_time: z.string().nullable(),
        reservation_end_time: z.string().nullable(),
        endpoints: z.array(
          z.object({
            name: z.string(),
            code: z.string().nullable(),
            lat: Latitude.nullable(),
            lng: Longitude.nullable(),
            ...Endpoint.pick({
              role: true,
              local_date: true,
              local_time: true,
              arrival_date: true,
              arrival_time: true,
            }).shape,
            number: z.string().nullable(),
          }),
        ),
      }),
  ),
})
