import { declareMessages } from '../../../core/declare/declare-messages.ts'

export const messages = declareMessages('admin', {
  addonNotFound: {
    code: 'not_found',
    text: 'There is no add-on named {{name}}',
    hint: 'Use one of {{names}}.',
  },
  addonNotFoundNear: {
    code: 'not_found',
    text: 'There is no add-on named {{name}}. Did you mean {{near}}?',
    hint: 'Use one of {{names}}.',
  },
  permissionNotFound: {
    code: 'not_found',
    text: 'There is no permission named {{name}}',
    hint: 'Use one of {{names}}.',
  },
  permissionNotFoundNear: {
    code: 'not_found',
    text: 'There is no permission named {{name}}. Did you mean {{near}}?',
    hint: 'Use one of {{names}}.',
  },
  levelNotAllowed: { text: 'must be one of {{levels}} for {{permission}}' },

  administratorsOnly: { code: 'forbidden', text: 'Only administrators can do this' },
  blockingSelf: { code: 'conflict', text: 'You cannot block yourself', hint: 'Ask another administrator.' },
  changingOwnRole: { code: 'conflict', text: 'You cannot change your own role', hint: 'Ask another administrator.' },
  deletingSelf: { code: 'conflict', text: 'You cannot delete yourself', hint: 'Ask another administrator.' },

  tokenNotFound: {
    code: 'not_found',
    text: 'There is no such token',
    hint: 'Take the id from list_all_static_tokens.',
  },
  grantNotFound: {
    code: 'not_found',
    text: 'There is no such grant',
    hint: 'Take the id from list_all_oauth_grants.',
  },
  clientNotFound: {
    code: 'not_found',
    text: 'There is no such client',
    hint: 'Take the id from list_all_oauth_clients.',
  },
})
