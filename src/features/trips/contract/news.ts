import { newsEvent } from '../../notifications/contract/news-event.ts'
import { messages } from './messages.ts'

export const tripInvite = newsEvent({
  name: 'trip_invite',
  order: 10,
  scope: null,
  words: ({ who, trip }) => ({ title: messages.invited({ who, trip }), text: messages.canPlan() }),
})

export const tripReminder = newsEvent({
  name: 'trip_reminder',
  order: 30,
  scope: null,
  words: ({ trip, starts: date }) => ({
    title: messages.startsSoon({ trip }),
    text: date ? messages.startsOn({ date }) : messages.startsNever(),
  }),
})
