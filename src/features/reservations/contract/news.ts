import { newsEvent } from '../../notifications/contract/news-event.ts'

export const bookingChange = newsEvent({
  name: 'booking_change',
  order: 20,
  scope: 'reservations:read',
  part: 'bookings',
  words: ({ who, trip, about, count }) => ({
    title: `${who} changed ${count > 1 ? `${count} bookings` : 'a booking'} in “${trip}”`,
    text: about,
  }),
})
