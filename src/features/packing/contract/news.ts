import { newsEvent } from '../../notifications/contract/news-event.ts'
import { messages } from './messages.ts'

export const packingTagged = newsEvent({
  name: 'packing_tagged',
  order: 60,
  scope: 'packing:read',
  part: 'packing',
  words: ({ who, trip, about, count }) => ({
    title: messages.tagged({ who, trip }),
    text: count > 1 ? messages.andMore({ about }) : about,
  }),
})
