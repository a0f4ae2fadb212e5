import { newsEvent } from '../../notifications/contract/news-event.ts'
import { messages } from './messages.ts'

export const todoDue = newsEvent({
  name: 'todo_due',
  order: 40,
  scope: 'todos:read',
  part: 'todos',
  words: ({ trip, about, day: date }) => ({
    title: messages.due({ trip }),
    text: date ? messages.dueBy({ about, date }) : about,
  }),
})
