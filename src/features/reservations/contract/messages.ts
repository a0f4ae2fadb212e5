import { declareMessages } from '../../../core/declare/declare-messages.ts'

export const messages = declareMessages('reservations', {
  changed: {
    text: {
      one: '{{who}} changed a booking in “{{trip}}”',
      other: '{{who}} changed {{count}} bookings in “{{trip}}”',
    },
  },

  staysBarred: { text: '{{trip}}, or {{booking}}' },

  reservationNotFound: {
    code: 'not_found',
    text: 'Booking {{id}} is not in this trip',
    hint: 'Take the id of a booking from get_trip_summary.',
  },
  dayNotFound: {
    code: 'not_found',
    text: '{{field}}: day {{id}} is not in this trip',
    hint: 'Take the id of a day from get_trip_summary.',
  },
  notTransport: {
    code: 'conflict',
    text: 'Booking {{id}} is not a transport: its type is {{type}}',
    hint: 'Call {{operation}} for it.',
  },
  notHotel: {
    code: 'conflict',
    text: 'Booking {{id}} is not a hotel: its type is {{type}}',
    hint: 'Call {{operation}} for it: only a hotel has a stay.',
  },
  wouldEndFirst: {
    code: 'conflict',
    text: '“{{title}}” would end before it starts',
    hint: 'Change the days of booking {{id}} first.',
  },

  localMoment: {
    text: 'must be a local date or time without a time zone, like 2027-04-05 or 2027-04-05T19:30',
  },
  timeZone: { text: 'must be a time zone like Asia/Tokyo' },
  onlyWithPrice: { text: 'is allowed only together with price' },
  twoFirstDays: { text: 'is {{start}}, but day_id is {{day}}', hint: 'Give only one of the two.' },
  notForTransports: {
    text: 'is not allowed for transports, and booking {{id}} is a transport of type {{type}}',
    hint: 'Leave it out. update_transport changes what only transports have, such as their kind and their stops.',
  },

  tooManyDetails: {
    text: 'must have at most {{maximum}} entries',
    hint: 'Remove entries that nobody needs, with an empty text.',
  },
  severalEnds: {
    text: 'is ambiguous, because several ends of this transport can have it',
    hint: 'Give endpoints with all ends, and set {{field}} at the end that it belongs to.',
  },
  roleTwice: {
    text: 'must have at most one end with the role "{{role}}"',
    hint: 'Give every stop in between the role "stop".',
  },
  nameWithoutCode: {
    text: 'is needed, because this end has no airport code',
    hint: 'Give a name, which is enough, or find the code with search_airports.',
  },
  nameWithUnknownCode: {
    text: 'is needed, because {{code}} is not the IATA code of an airport',
    hint: 'Give a name, which is enough, or find the code with search_airports.',
  },

  endDiffers: {
    text: 'is {{sent}}, but endpoints has {{moment}} for {{name}}',
    hint: 'Give only one of the two, or the same in both.',
  },
  dayDiffers: {
    text: 'is day {{number}} on {{date}}, but the booking starts on {{start}}',
    hint: 'Leave the day out. The server finds it by the date.',
  },
  noFirstDay: { text: 'needs a first day too' },
  endDayBeforeStart: { text: 'must be day {{first}} or later, not day {{last}}' },
  endBeforeStart: { text: 'is before the start: {{end}} is earlier than {{start}}' },

  stayNeedsDays: { text: 'cannot be cleared, because a stay needs both days' },
  notOnDayOfStay: {
    text: 'must be on {{date}}, the day of the stay',
    hint: 'Give check_in and check_out instead.',
  },
  timesNeedStay: {
    text: 'cannot be saved without a place, a day of check-in and a later day of check-out',
    hint: 'Give place_id, start_day_id and end_day_id too, or call link_hotel_accommodation.',
  },
  onlyForStays: { text: 'is allowed only for the stay of a hotel' },
  noStay: {
    text: 'No stay was made: the booking still needs {{missing}}. Add this with update_reservation, or call link_hotel_accommodation.',
  },
  placeOfStay: { text: 'a place (place_id)' },
  firstDayOfStay: { text: 'a day of check-in (start_day_id)' },
  lastDayOfStay: { text: 'a later day of check-out (end_day_id)' },

  reservationTwice: { text: 'must name each booking only once' },
  stayHasNoPosition: {
    text: 'cannot take booking {{id}}: it is a stay, and a stay has no position among the stops of a day',
  },
  onOtherDay: {
    text: 'cannot take booking {{id}}, which is on day {{day}}',
    hint: 'Change its date with {{operation}}: the date decides on which day it is.',
  },
  onNoDay: {
    text: 'cannot take booking {{id}}, which is on no day',
    hint: 'Change its date with {{operation}}: the date decides on which day it is.',
  },
})
