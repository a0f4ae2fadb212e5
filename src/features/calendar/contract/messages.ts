import { declareMessages } from '../../../core/declare/declare-messages.ts'

export const messages = declareMessages('calendar', {
  day: { text: 'Day {{number}}' },
  titledDay: { text: 'Day {{number}}: {{title}}' },
  stay: { text: 'Stay' },
  checkIn: { text: 'Check-in: {{time}}' },
  checkInUntil: { text: 'Check-in: {{from}} to {{until}}' },
  checkOut: { text: 'Check-out: {{time}}' },
  confirmation: { text: 'Confirmation: {{number}}' },
  type: { text: 'Type: {{type}}' },
  platform: { text: 'platform {{platform}}' },
  seat: { text: 'seat {{seat}}' },

  notesCut: { text: 'cut for size: {{call}}' },
})
