import { newsEvent } from '../../notifications/contract/news-event.ts'

export const packingTagged = newsEvent({
  name: 'packing_tagged',
  order: 60,
  scope: 'packing:read',
  part: 'packing',
  words: ({ who, trip, about, count }) => ({
    title: `${who} put you down for packing in “${trip}”`,
    text: count > 1 ? `${about} and more` : about,
  }),
})
