import { declareMessages } from '../core/declare/declare-messages.ts'

/** Errors of the command line itself, in English only. */
export const messages = declareMessages('cli', {
  noToken: {
    code: 'not_found',
    text: 'There is no token {{id}}',
    hint: 'Take the id from `trek token list`.',
  },
  noUser: {
    code: 'not_found',
    text: 'There is no user {{identifier}}',
    hint: 'Take the name from `trek user list`.',
  },
})
