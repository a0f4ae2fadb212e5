import { declareMessages } from '../../../core/declare/declare-messages.ts'

export const messages = declareMessages('days', {
  dayNotFound: {
    code: 'not_found',
    text: 'Day {{id}} is not in this trip',
    hint: 'Take the id of a day from get_trip_summary.',
  },
  notDayOfTrip: {
    text: 'must be a day of this trip, not {{id}}',
    hint: 'Take the id of a day from get_trip_summary.',
  },
  dateTaken: {
    code: 'conflict',
    text: 'Day {{number}} (id {{id}}) has the date {{date}} already',
    hint: 'Use that day instead: a date can have only one day.',
  },
  tripHasNoDates: {
    text: 'cannot be set, because the trip has no dates',
    hint: 'Set the dates of the trip with update_trip first.',
  },
  outsideTrip: {
    text: 'must be from {{first}} to {{last}}',
    hint: 'Change the dates of the trip with update_trip.',
  },
  noRoom: {
    code: 'conflict',
    text: {
      one: 'The new dates leave no room for {{days}}, which is not empty',
      other: 'The new dates leave no room for {{days}}, which are not empty',
    },
    hint: 'Ask the person, then call again with shrink "keep_undated" to keep these days without a date, or "delete" to delete them with what is on them.',
  },
  noRoomAfterMove: {
    code: 'conflict',
    text: {
      one: 'The new dates leave no room for {{days}}, which is not empty',
      other: 'The new dates leave no room for {{days}}, which are not empty',
    },
    hint: 'Ask the person, then call again with shrink "keep_undated" to keep these days without a date, or "delete" to delete them with what is on them. To keep the length of the trip, give both dates, or start_date alone with date_shift_mode "shift_all", to move the whole trip with its bookings.',
  },
  numberAndDate: { text: 'day {{number}} ({{date}})' },
})
