import { declareMessages } from '../../../core/declare/declare-messages.ts'

export const messages = declareMessages('accommodations', {
  stayNotFound: {
    code: 'not_found',
    text: 'Accommodation {{id}} is not in this trip',
    hint: 'get_trip_summary lists the accommodations with their ids.',
  },
  endBeforeStart: {
    text: 'is day {{end}}, before check-in on day {{start}}',
    hint: 'A stay cannot end before it starts.',
  },
  wouldEndFirst: {
    code: 'conflict',
    text: 'A stay would end before it starts',
    hint: 'Change or delete accommodation {{id}} first. In the new order it would last from day {{start}} to day {{end}}.',
  },
})
