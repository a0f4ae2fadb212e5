import { declareMessages } from '../../../core/declare/declare-messages.ts'

export const messages = declareMessages('backups', {
  noFolder: {
    code: 'conflict',
    text: 'This server makes no backups, because BACKUP_TO is not set',
    hint: 'Set BACKUP_TO to a folder, best on another disk, and start the server again.',
  },
  backupNotFound: {
    code: 'not_found',
    text: 'There is no backup {{name}} in {{folder}}',
    hint: 'Take the name from list_backups.',
  },
  beingMade: { code: 'conflict', text: 'The server is making a backup already', hint: 'Wait until it is done.' },
  busy: {
    code: 'conflict',
    text: 'Another process is making or restoring a backup right now',
    hint: 'Try again when it is done.',
  },
  unreadable: { code: 'conflict', text: '{{reason}}' },

  notMade: { text: 'No backup could be made: {{reason}}' },
  madeWithProblem: { text: 'A backup was made, with a problem: {{reason}}' },
  notRemoved: { text: 'Older backups could not be removed: {{reason}}' },
})
