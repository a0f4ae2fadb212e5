import { declareMessages } from '../../../core/declare/declare-messages.ts'

export const messages = declareMessages('trips', {
  noTrip: { text: 'There is no such trip', hint: 'Take the id of a trip from list_trips.' },

  memberNotFound: {
    code: 'not_found',
    text: 'This traveller is not on the trip',
    hint: 'Take a user_id from list_trip_members.',
  },
  guestNotFound: {
    code: 'not_found',
    text: 'This guest is not on the trip',
    hint: 'Take the user_id of a guest from list_trip_members.',
  },
  accountNotFound: {
    code: 'not_found',
    text: 'Nobody on this server has exactly this username or e-mail address',
    hint: 'Ask the person for their username. The administrator of the server creates accounts.',
  },
  alreadyInTrip: { code: 'conflict', text: '{{name}} is on this trip already' },
  removingIsOwners: {
    code: 'forbidden',
    text: 'Only the owner can remove others from this trip',
    hint: 'Ask the owner, or leave the trip yourself.',
  },
  ownerCannotLeave: {
    code: 'conflict',
    text: 'The owner cannot leave the trip',
    hint: 'Delete the trip, or give it to somebody else first.',
  },
  givingIsOwners: { code: 'forbidden', text: 'Only the owner can give a trip to somebody else' },
  guestCannotOwn: { code: 'conflict', text: 'A guest cannot own a trip', hint: 'Choose a member who has an account.' },

  coverForm: { text: 'must be a cover that was uploaded in the app' },
  coverNotOfTrip: {
    text: 'must be a cover that was uploaded to this trip',
    hint: 'Leave cover_image out to keep the present cover; null removes it. New covers are uploaded in the app.',
  },
  coverDeleted: {
    text: 'is a cover whose picture has been deleted',
    hint: 'Leave cover_image out to keep the present cover; null removes it. New covers are uploaded in the app.',
  },

  endsBeforeStart: {
    text: 'must not be before start_date: {{end}} is before {{start}}',
    hint: 'Give an end_date that is not before start_date.',
  },
  movesPastEnd: {
    text: 'must not be before start_date: {{end}} is before {{start}}',
    hint: 'Give an end_date that is not before start_date. {{howToMove}}',
  },
  howToMove: {
    text: 'To move the whole trip with its bookings, give both dates, or start_date alone with date_shift_mode "shift_all".',
  },
  tooManyDays: {
    code: 'invalid',
    text: {
      one: 'A trip can have at most {{count}} day, and this one would have {{days}}',
      other: 'A trip can have at most {{count}} days, and this one would have {{days}}',
    },
    hint: 'Make it shorter, or make several trips.',
  },
  noDatesToMove: {
    text: 'cannot be set, because the trip has no dates to move',
    hint: 'Copy the trip, then set its dates with update_trip.',
  },

  copyOf: { text: 'Copy of {{title}}' },
  unnamedGuest: { text: 'Guest' },

  invited: { text: '{{who}} added you to “{{trip}}”' },
  canPlan: { text: 'You can see the whole trip and plan along.' },
  startsSoon: { text: '“{{trip}}” starts soon' },
  startsOn: { text: 'It starts on {{date}}.' },
  startsNever: { text: 'It no longer has dates.' },
})
