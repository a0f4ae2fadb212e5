import { newsEvent } from '../../notifications/contract/news-event.ts'

export const collabMessage = newsEvent({
  name: 'collab_message',
  order: 50,
  scope: 'collab:read',
  part: 'together',
  joins: 'anyone',
  words: ({ who, trip, about, count }) => ({
    title: count > 1 ? `${count} new messages in “${trip}”` : `${who} wrote in “${trip}”`,
    text: count > 1 ? `${who}: ${about}` : about,
  }),
})
