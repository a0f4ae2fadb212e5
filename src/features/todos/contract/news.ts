import { newsEvent } from '../../notifications/contract/news-event.ts'

export const todoDue = newsEvent({
  name: 'todo_due',
  order: 40,
  scope: 'todos:read',
  part: 'todos',
  words: ({ trip, about, day }) => ({
    title: `Something is to be done for “${trip}”`,
    text: day ? `${about}, by ${day}` : about,
  }),
})
