import { declareMessages } from '../../../core/declare/declare-messages.ts'

export const messages = declareMessages('collab', {
  noteNotFound: {
    code: 'not_found',
    text: 'Note {{id}} is not in this trip',
    hint: 'Take the id of a note from get_trip_summary.',
  },
  pollNotFound: {
    code: 'not_found',
    text: 'Poll {{id}} is not in this trip',
    hint: 'Take the id of a poll from list_collab_polls.',
  },
  messageNotFound: {
    code: 'not_found',
    text: 'Message {{id}} is not in this trip',
    hint: 'Take the id of a message from list_collab_messages.',
  },

  optionsDiffer: { text: 'must be different from each other' },
  momentWithZone: { text: 'must be a moment with its time zone like 2027-04-05T18:00:00+09:00' },
  inFuture: { text: 'must be in the future' },
  withinTenYears: { text: 'must be within ten years' },
  pollClosed: { code: 'conflict', text: 'This poll is closed', hint: 'Start a new poll to vote again.' },
  noSuchOption: { text: 'must be one of {{options}}' },
  option: { text: '{{index}} ({{text}})' },

  replyNotFound: {
    text: 'must be a message of this trip',
    hint: 'Take the id of a message from list_collab_messages.',
  },
  replyToDeleted: { text: 'is a message that has been deleted', hint: 'Leave replyTo out.' },
  deletingIsAuthors: { code: 'forbidden', text: 'Only the person who wrote a message can delete it' },
  messageDeleted: { code: 'conflict', text: 'This message has been deleted' },
  tooManyEmoji: {
    code: 'conflict',
    text: 'A message can have at most {{maximum}} different emoji',
    hint: 'Use one that it has already.',
  },

  written: { text: '{{who}} wrote in “{{trip}}”' },
  manyWritten: {
    text: { one: '{{count}} new message in “{{trip}}”', other: '{{count}} new messages in “{{trip}}”' },
  },
  saidBy: { text: '{{who}}: {{about}}' },
})
