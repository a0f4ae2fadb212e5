import { declareMessages } from '../../../core/declare/declare-messages.ts'

export const messages = declareMessages('dayNotes', {
  noteNotFound: {
    code: 'not_found',
    text: 'Note {{id}} is not in this trip',
    hint: 'Take the id of a note from get_trip_summary, which lists them by day.',
  },
  onOtherDay: {
    code: 'conflict',
    text: 'Note {{id}} is on day {{day}}, not on day {{given}}',
    hint: 'Call again with day {{day}}.',
  },
})
