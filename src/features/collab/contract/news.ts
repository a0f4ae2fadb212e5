import { newsEvent } from '../../notifications/contract/news-event.ts'
import { messages } from './messages.ts'

export const collabMessage = newsEvent({
  name: 'collab_message',
  order: 50,
  scope: 'collab:read',
  part: 'together',
  joins: 'anyone',
  words: ({ who, trip, about, count }) =>
    count > 1
      ? { title: messages.manyWritten({ count, trip }), text: messages.saidBy({ who, about }) }
      : { title: messages.written({ who, trip }), text: about },
})
