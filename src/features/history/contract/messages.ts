import { declareMessages } from '../../../core/declare/declare-messages.ts'

export const messages = declareMessages('history', {
  commitNotFound: {
    code: 'not_found',
    text: { one: 'There is no change {{ids}} here', other: 'There are no changes {{ids}} here' },
    hint: 'Call list_changes for the changes with their ids. A change is undone where it was made: in its trip, or without tripId in your own data.',
  },
  sayWhich: {
    code: 'invalid',
    text: 'It must be said which changes are meant',
    hint: 'Send either commits, with ids from list_changes, or since, if you like with until, userId and client.',
  },
  tooManyRows: {
    code: 'invalid',
    text: 'These are {{count}} rows, and at most {{maximum}} can be undone at once',
    hint: 'Call it several times, the newest changes first.',
  },
  confirm: {
    code: 'conflict',
    text: 'These are {{count}} rows, and undoing them keeps others waiting for about {{seconds}} s',
    hint: 'Send the call again with confirm true. Nothing was changed.',
  },
  tripNotDeleted: { code: 'conflict', text: '“{{title}}” is not deleted, or has been restored already' },
  deletingNotPermitted: {
    code: 'forbidden',
    text: 'Restoring a trip needs the right to delete trips, which you do not have',
    hint: 'Ask an administrator of this server.',
  },
  notRestored: { code: 'conflict', text: '“{{title}}” cannot be restored. {{reason}}' },
  noDeletedTrip: {
    code: 'not_found',
    text: 'You have no such deleted trip',
    hint: 'Take the id of a trip from list_deleted_trips. A trip can be restored for {{days}} days, by its owner.',
  },
  notYours: { text: 'Somebody else made it, and you may not undo what others did' },
  elsewhere: { text: 'It was not made in this trip, so it is not undone here' },
  onlyAuthor: { text: 'Only its author can undo it' },
  barred: { text: 'You cannot undo it here: {{reason}}' },
  notPermitted: { text: 'You lack the right for this: {{permission}}' },
  access: { text: 'It gave or ended access, which is not undone: make it anew' },
  instance: { text: 'It changed the instance. Administrators change it back in the settings' },
  sent: { text: 'It has been sent' },
  check: { text: 'It changed nothing that could be undone' },
  erases: { text: 'It deleted for good' },
  unknown: { text: 'This version of TREK does not know the operation that made it' },
})
