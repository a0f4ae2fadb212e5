import { z } from 'zod'
import { CalendarDate, ClockTime, Latitude, Longitude } from '../../../core/declare/values.ts'
import { sharedSection, shareOption } from '../../sharing/contract/shared-section.ts'
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
      })
      .extend({
        reservation_time: z.string().nullable(),
        reservation_end_time: z.string().nullable(),
        endpoints: z.array(
          z.object({
            name: z.string(),
            code: z.string().nullable(),
            lat: Latitude,
            lng: Longitude,
            local_date: CalendarDate.nullable(),
            local_time: ClockTime.nullable(),
            number: z.string().nullable(),
          }),
        ),
      }),
  ),
})
