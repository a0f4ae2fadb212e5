import { declareMessages } from '../declare/declare-messages.ts'

/** Messages about failures of the database or of uploads. */
export const outages = declareMessages('database', {
  away: { text: 'The database does not answer', hint: 'Nothing was changed. Try again in a moment.' },
  refused: {
    text: 'The database refuses the log-in of this server',
    hint: 'Nothing was changed. The administrator of the server can check DATABASE_URL and the rights of its user.',
  },
  uncertain: {
    text: 'The connection to the database was lost while the change was being saved',
    hint: 'Check whether the change was made before you repeat it.',
  },
  busy: {
    text: 'The database is busy with another change',
    hint: 'Nothing was changed. Try again in a few seconds.',
  },
  full: {
    text: 'There is no room left for the database',
    hint: 'Nothing was changed. The administrator of the server can make room on its disk.',
  },
  disk: {
    text: 'The disk of the database has an error',
    hint: 'Check whether the change was made before you repeat it. The administrator of the server can check its disk.',
  },
  damaged: {
    text: 'The database file is damaged',
    hint: 'The administrator of the server can put a backup in its place and restart it.',
  },
  replaced: {
    text: 'The database file was moved or replaced while the server was running',
    hint: 'Nothing was changed. The administrator of the server can put the right file in place and restart it.',
  },
})

export const uploads = declareMessages('uploads', {
  tooLarge: { text: 'The file is too large: at most {{megabytes}} MB are allowed', hint: 'Send a smaller file.' },
})
