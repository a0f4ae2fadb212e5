import { newsEvent } from '../../notifications/contract/news-event.ts'

export const tripInvite = newsEvent({
  name: 'trip_invite',
  order: 10,
  scope: null,
  words: ({ who, trip }) => ({
    title: `${who} added you to “${trip}”`,
    text: 'You see the whole trip, and can plan along.',
  }),
})

export const tripReminder = newsEvent({
  name: 'trip_reminder',
  order: 30,
  scope: null,
  words: ({ trip, starts }) => ({
    title: `“${trip}” starts soon`,
    text: starts ? `It starts on ${starts}.` : 'It has no dates any more.',
  }),
})
