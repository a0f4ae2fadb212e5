import { declareMessages } from '../../../core/declare/declare-messages.ts'

export const messages = declareMessages('oauth', {
  clientNotFound: {
    code: 'not_found',
    text: 'You have no client {{id}}',
    hint: 'Take the id from list_oauth_clients.',
  },
  grantNotFound: { code: 'not_found', text: 'You have no grant {{id}}', hint: 'Take the id from list_oauth_grants.' },
  tooManyClients: {
    code: 'conflict',
    text: { one: 'A user can have at most {{count}} client', other: 'A user can have at most {{count}} clients' },
    hint: 'Delete a client that you do not use any more.',
  },
  noRedirect: {
    text: 'must have at least one address',
    hint: 'Give one, or set machine to true: the program then logs in by itself.',
  },
  clientHasKeys: {
    code: 'conflict',
    text: 'This client proves who it is with keys, and has no secret',
    hint: 'Delete the client and add it again to use other keys.',
  },
  pageOnly: {
    code: 'forbidden',
    text: 'Only a page of the app can ask for this',
    hint: 'Connect with OAuth in a program.',
  },

  assistantsOff: {
    code: 'addon_off',
    text: 'Assistants cannot connect: the add-on mcp is switched off on this server',
    hint: 'Ask an administrator to switch it on, then connect again from the program.',
  },
  requestNotFound: {
    code: 'not_found',
    text: 'This request has ended, or it was started in another browser',
    hint: 'Go back to the program and connect again.',
  },
  programUnknown: {
    code: 'not_found',
    text: 'This server does not know the program any more',
    hint: 'Connect again from the program.',
  },
  otherPerson: {
    code: 'conflict',
    text: 'Somebody else is logged in now',
    hint: 'Reload the page to see who is logged in.',
  },
  programOfOther: {
    code: 'forbidden',
    text: 'Somebody else added this program, and it can ask only them for access',
    hint: 'Add the program under your own Settings.',
  },
  programChanged: {
    code: 'conflict',
    text: 'The program has changed since the page showed it',
    hint: 'Look at the page again before you decide.',
  },
  scopesNotAsked: { text: 'must name at least one of the scopes that the program asks for' },
  notAllowedBefore: {
    code: 'conflict',
    text: 'You have not allowed all of this before',
    hint: 'Decide on the page.',
  },
  alreadyAllowed: {
    code: 'conflict',
    text: 'This request was already allowed',
    hint: 'Disconnect the program under Settings if you do not want this.',
  },
  otherScopes: {
    code: 'conflict',
    text: 'This request was already allowed with other scopes',
    hint: 'Connect again from the program, and disconnect what you do not want under Settings.',
  },
  requestEnded: {
    code: 'conflict',
    text: 'This request has ended',
    hint: 'Connect again from the program.',
  },

  noPlainJson: { code: 'invalid', text: 'The body is not a plain JSON object' },

  notOnCurve: { text: 'must be a point of {{curve}}, but is not on the curve' },
  weakPoint: { text: 'must be another point of Ed25519: anybody can sign with this one' },
})
