import { declareMessages } from '../../../core/declare/declare-messages.ts'

export const messages = declareMessages('assignments', {
  assignmentNotFound: {
    code: 'not_found',
    text: 'Stop {{id}} is not in this trip',
    hint: 'Take the id of a stop from get_trip_summary, which lists them by day.',
  },
  onOtherDay: {
    code: 'conflict',
    text: 'Stop {{id}} is on day {{day}}, not on day {{given}}',
    hint: 'Call again with day {{day}}.',
  },
  notMembers: { text: 'must name travellers of the trip ({{members}}), not {{strangers}}' },
  endAfterMidnight: {
    text: {
      one: 'is too late: the visit lasts {{count}} minute, and from {{start}} it would end after midnight',
      other: 'is too late: the visit lasts {{count}} minutes, and from {{start}} it would end after midnight',
    },
    hint: 'Give end_time too; null leaves the end open.',
  },
  endBeforeStart: { text: 'is {{end}}, before the start at {{start}}' },
})
