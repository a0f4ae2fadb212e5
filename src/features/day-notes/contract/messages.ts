import { declareMessages } from '../../../core/declare/declare-messages.ts'

export const messages = declareMessages('dayNotes', {
  noteNotFound: {
    code: 'not_found',
    text: 'Note {{id}} is not in this trip',
    hint: 'get_trip_summary lists the notes of each day with their ids.',
  },
  onOtherDay: {
    code: 'conflict',
    text: 'Note {{id}} is on day {{day}}, not on day {{given}}',
    hint: 'Call again with day {{day}}.',
  },
})
