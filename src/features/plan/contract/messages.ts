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
    hint: 'Use one of the entries of that day, here in order: {{there}}.',
  },
  notOnEmptyDay: {
    text: {
      one: 'must name an entry of day {{day}}, and {{entries}} is not on it',
      other: 'must name an entry of day {{day}}, and {{entries}} are not on it',
    },
    hint: 'Leave out before and after: that day has no entries.',
  },
  more: { text: { one: 'and {{count}} more', other: 'and {{count}} more' } },
})
