import { declareMessages } from '../../../core/declare/declare-messages.ts'

export const messages = declareMessages('accommodations', {
  stayNotFound: {
    code: 'not_found',
    text: 'Stay {{id}} is not in this trip',
    hint: 'Take the id of a stay from get_trip_summary.',
  },
  endBeforeStart: {
    text: 'is day {{end}}, before check-in on day {{start}}',
    hint: 'Give a day of check-out that is not before check-in.',
  },
  wouldEndFirst: {
    code: 'conflict',
    text: 'A stay would end before it starts',
    hint: 'Change or delete stay {{id}} first. In the new order it would last from day {{start}} to day {{end}}.',
  },
})
