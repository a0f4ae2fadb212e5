import { declareMessages } from '../../../core/declare/declare-messages.ts'

/** Events that are neither operations of the catalogue nor routes, by name. */
export const titles = declareMessages('events', {
  oauth_register: { text: 'Register as a program' },
  oauth_authorize: { text: 'Ask for access' },
  oauth_consent: { text: 'Answer a request for access' },
  oauth_token: { text: 'Get access' },
  oauth_refresh: { text: 'Renew access' },
  oauth_machine: { text: 'Log in without a browser' },
  oauth_revoke: { text: 'Give up access' },
  oauth_replay: { text: 'Use a code or a token again' },
  oauth_introspect: { text: 'Check a token' },
  access_ended: { text: 'Lose access' },
  backup_made: { text: 'Complete a backup' },
  backup_removed: { text: 'Remove an older backup' },
  backup_restored: { text: 'Restore a backup' },
})
