import { newsEvent } from '../../notifications/contract/news-event.ts'
import { messages } from './messages.ts'

export const bookingChange = newsEvent({
  name: 'booking_change',
  order: 20,
  scope: 'reservations:read',
  part: 'bookings',
  words: ({ who, trip, about, count }) => ({
    title: messages.changed({ who, count, trip }),
    text: about,
  }),
})
