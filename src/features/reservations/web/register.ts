import { Ticket } from 'lucide-react'
import { later } from '../../../ui/later.ts'
import type { Registration } from '../../../ui/registration.ts'
import { publicSection } from '../../sharing/web/public-section.ts'
import { bookingsOf } from './public/booked.ts'

export const registration: Registration = {
  tabs: [
    {
      part: 'bookings',
      label: 'bookings.title',
      Icon: Ticket,
      order: 40,
      Page: later(() => import('./bookings-page.tsx'), 'BookingsPage'),
    },
  ],
  publicSections: [
    publicSection({
      id: 'bookings',
      label: 'bookings.title',
      order: 20,
      isIn: (trip) => Boolean(bookingsOf(trip).length || trip.stays?.length),
      Section: later(() => import('./public/public-bookings.tsx'), 'PublicBookings'),
    }),
  ],
  news: { booking_change: Ticket },
}
