import { declareMessages } from '../../../core/declare/declare-messages.ts'

export const messages = declareMessages('admin', {
  addonNotFound: {
    code: 'not_found',
    text: 'There is no add-on named {{name}}',
    hint: 'The add-ons are {{names}}.',
  },
  addonNotFoundNear: {
    code: 'not_found',
    text: 'There is no add-on named {{name}}. Did you mean {{near}}?',
    hint: 'The add-ons are {{names}}.',
  },
  permissionNotFound: {
    code: 'not_found',
    text: 'There is no permission named {{name}}',
    hint: 'The permissions are {{names}}.',
  },
  permissionNotFoundNear: {
    code: 'not_found',
    text: 'There is no permission named {{name}}. Did you mean {{near}}?',
    hint: 'The permissions are {{names}}.',
  },
  levelNotAllowed: { text: 'must be one of {{levels}} for {{permission}}' },

  administratorsOnly: { code: 'forbidden', text: 'Only administrators can do this' },
  blockingSelf: { code: 'conflict', text: 'You cannot block yourself', hint: 'Ask another administrator.' },
  changingOwnRole: { code: 'conflict', text: 'You cannot change your own role', hint: 'Ask another administrator.' },
  deletingSelf: { code: 'conflict', text: 'You cannot delete yourself', hint: 'Ask another administrator.' },

  tokenNotFound: {
    code: 'not_found',
    text: 'There is no such token',
    hint: 'list_all_static_tokens lists the tokens of everybody.',
  },
  grantNotFound: {
    code: 'not_found',
    text: 'There is no such grant',
    hint: 'list_all_oauth_grants lists the grants of everybody.',
  },
  clientNotFound: {
    code: 'not_found',
    text: 'There is no such client',
    hint: 'list_all_oauth_clients lists all clients.',
  },
})
