import { declareMessages } from '../declare/declare-messages.ts'

/** Messages about failures of the database or of uploads. */
export const outages = declareMessages('database', {
  away: { text: 'The database does not answer', hint: 'Try again in a moment. Nothing was changed.' },
  refused: {
    text: 'The database refuses the log-in of this server',
    hint: 'Ask the administrator of the server to check DATABASE_URL and the rights of its user. Nothing was changed.',
  },
  uncertain: {
    text: 'The connection to the database was lost while the change was being saved',
    hint: 'Check whether the change was made before you repeat it.',
  },
  busy: {
    text: 'The database is busy with another change',
    hint: 'Try again in a few seconds. Nothing was changed.',
  },
  full: {
    text: 'There is no room left for the database',
    hint: 'Ask the administrator of the server to make room on its disk. Nothing was changed.',
  },
  disk: {
    text: 'The disk of the database has an error',
    hint: 'Check whether the change was made before you repeat it. Ask the administrator of the server to check its disk.',
  },
  damaged: {
    text: 'The database file is damaged',
    hint: 'Ask the administrator of the server to put a backup in its place and restart it.',
  },
  replaced: {
    text: 'The database file was moved or replaced while the server was running',
    hint: 'Ask the administrator of the server to put the right file in place and restart it. Nothing was changed.',
  },
})

export const uploads = declareMessages('uploads', {
  tooLarge: { text: 'The file is too large: at most {{megabytes}} MB are allowed', hint: 'Send a smaller file.' },
})
