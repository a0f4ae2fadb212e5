import { declareMessages } from '../../../core/declare/declare-messages.ts'

export const messages = declareMessages('trips', {
  noTrip: { text: 'There is no such trip', hint: 'list_trips lists the trips you can open, with their ids.' },

  memberNotFound: {
    code: 'not_found',
    text: 'This person is not in the trip',
    hint: 'list_trip_members lists the people of the trip with their user ids.',
  },
  guestNotFound: {
    code: 'not_found',
    text: 'This guest is not in the trip',
    hint: 'list_trip_members lists the guests with their ids.',
  },
  accountNotFound: {
    code: 'not_found',
    text: 'Nobody on this server has exactly this username or e-mail address',
    hint: 'Ask the person for their username. The administrator of the server creates accounts.',
  },
  alreadyInTrip: { code: 'conflict', text: '{{name}} is in this trip already' },
  removingIsOwners: {
    code: 'forbidden',
    text: 'Only the owner can remove other people from this trip',
    hint: 'You can only leave it yourself.',
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
    hint: 'People upload covers in the app. Leave cover_image out to keep the present cover. null removes it.',
  },
  coverDeleted: {
    text: 'is a cover whose picture has been deleted',
    hint: 'People upload covers in the app. Leave cover_image out to keep the present cover. null removes it.',
  },

  endsBeforeStart: {
    text: 'must not be before start_date: {{end}} is before {{start}}',
    hint: 'A trip cannot end before it starts.',
  },
  movesPastEnd: {
    text: 'must not be before start_date: {{end}} is before {{start}}',
    hint: 'A trip cannot end before it starts. {{howToMove}}',
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
