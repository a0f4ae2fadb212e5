import { declareMessages } from '../core/declare/declare-messages.ts'

/** Errors of the command line itself, in English only. */
export const messages = declareMessages('cli', {
  noToken: {
    code: 'not_found',
    text: 'There is no token {{id}}',
    hint: '`trek token list` shows all tokens.',
  },
  noUser: {
    code: 'not_found',
    text: 'There is no user {{identifier}}',
    hint: '`trek user list` shows all users.',
  },
})
