import { declareMessages } from '../../../core/declare/declare-messages.ts'

export const messages = declareMessages('plan', {
  stopNeedsScope: { code: 'forbidden', text: 'Moving a stop needs the scope {{scope}}' },
  bookingNeedsScope: { code: 'forbidden', text: 'Moving a booking needs the scope {{scope}}' },
  entryForm: { text: 'must be like stop:12, note:3 or booking:4' },
  notOnDay: {
    text: {
      one: 'must name an entry of day {{day}}, and {{entries}} is not on it',
      other: 'must name an entry of day {{day}}, and {{entries}} are not on it',
    },
    hint: 'That day has, in order: {{there}}.',
  },
  notOnEmptyDay: {
    text: {
      one: 'must name an entry of day {{day}}, and {{entries}} is not on it',
      other: 'must name an entry of day {{day}}, and {{entries}} are not on it',
    },
    hint: 'That day has no entries: leave out before and after.',
  },
  more: { text: { one: 'and {{count}} more', other: 'and {{count}} more' } },
})
