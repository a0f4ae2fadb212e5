import { declareMessages } from '../../core/declare/declare-messages.ts'

export const messages = declareMessages('identity', {
  browserOnSystem: { text: '{{browser}} on {{system}}' },
  device: { text: '{{name}}' },
  unknownDevice: { text: 'Unknown device' },

  demo: { text: 'This is a demo: you can look at everything, and change nothing' },

  username: { text: 'must be 2 to 50 letters, digits, dots, dashes or underscores' },
  repeatedCharacter: { text: 'must not consist of one repeated character' },
  commonPassword: { text: 'must not be one of the most common passwords' },
  notYourPassword: { text: 'is not your password' },
  samePassword: { text: 'must be different from your current password' },

  usernameTaken: {
    code: 'conflict',
    text: 'There is already a user with the username {{username}}',
    hint: 'Choose another username.',
  },
  emailTaken: {
    code: 'conflict',
    text: 'There is already a user with the e-mail address {{email}}',
    hint: 'Choose another e-mail address.',
  },
  userNotFound: { code: 'not_found', text: 'There is no user {{id}}', hint: 'Take the id from list_users.' },
  guestNotFound: { code: 'not_found', text: 'There is no guest {{id}}' },
  accountGone: { code: 'not_found', text: 'This account does not exist any more' },
  lastAdmin: {
    code: 'conflict',
    text: '{{username}} is the last administrator',
    hint: 'Make somebody else an administrator first.',
  },

  wrongLogIn: {
    code: 'unauthenticated',
    text: 'The name or the password is wrong',
    hint: 'Log in with your username or your e-mail address. An administrator can set a new password for you.',
  },
  blocked: { code: 'forbidden', text: 'This account is blocked', hint: 'Ask an administrator of this server.' },
  personOnly: {
    code: 'forbidden',
    text: 'Only a person who is logged in can do this, not a program with a token',
    hint: 'Do it in the app under Settings, or on the command line of the server.',
  },
  ownPageOnly: { code: 'forbidden', text: 'Only a page of this server can send this request' },
  sessionNotFound: { code: 'not_found', text: 'You have no log-in {{id}}', hint: 'Take the id from list_sessions.' },
  tokenNotFound: { code: 'not_found', text: 'You have no token {{id}}', hint: 'Take the id from list_static_tokens.' },
  tooManyTokens: {
    code: 'conflict',
    text: { one: 'A user can have at most {{count}} token', other: 'A user can have at most {{count}} tokens' },
    hint: 'Revoke a token that you do not use any more.',
  },

  passwordsForName: {
    code: 'rate_limited',
    text: 'There were too many wrong passwords for this name from your network',
    hint: 'Try again {{when}}.',
  },
  passwordsFromNetwork: {
    code: 'rate_limited',
    text: 'There were too many wrong passwords from your network',
    hint: 'Try again {{when}}.',
  },
  passwordsInBrowser: {
    code: 'rate_limited',
    text: 'There were too many wrong passwords for this account in this browser',
    hint: 'Try again {{when}}.',
  },
  passwords: {
    code: 'rate_limited',
    text: 'There were too many wrong passwords',
    hint: 'Try again {{when}}.',
  },
  clientSecrets: {
    code: 'rate_limited',
    text: 'There were too many wrong secrets for this client',
    hint: 'Try again {{when}}.',
  },
  refusedRequests: {
    code: 'rate_limited',
    text: 'Too many requests from this address were refused',
    hint: 'Try again {{when}}.',
  },
  registrations: {
    code: 'rate_limited',
    text: 'Too many programs were registered from this address',
    hint: 'Try again {{when}}.',
  },
  registrationsByPages: {
    code: 'rate_limited',
    text: 'Web pages registered too many programs from this address',
    hint: 'Try again {{when}}.',
  },
  accessRequests: {
    code: 'rate_limited',
    text: 'There were too many requests for access from this address',
    hint: 'Try again {{when}}.',
  },
  lookUps: {
    code: 'rate_limited',
    text: 'Too many programs were looked up from this address',
    hint: 'Try again {{when}}.',
  },
  inMinutes: { text: { one: 'in {{count}} minute', other: 'in {{count}} minutes' } },

  scope: { text: 'must be a scope like trips:read; docs/mcp-tools.md lists all scopes' },
  noScope: { text: 'must name at least one scope' },

  incompleteAddress: { text: 'must be a complete address like https://app.example.org/callback' },
  fragment: { text: 'must not have a part after #' },
  nameInAddress: { text: 'must not have a user name or a password in it' },
  wildcard: { text: 'must be written in full: a * does not stand for other addresses' },
  httpNear: {
    text: 'must use https; http is allowed on localhost and on a private network: for 10.x, 172.16.x to 172.31.x, 192.168.x and fc00::/7, for names without a dot, and for names that end in .local, .lan, .internal or .home.arpa',
  },
  httpOnLocalhost: {
    text: 'must use https; http is allowed on localhost only, because ALLOW_HTTP_REDIRECTS is false on this server',
  },
  scheme: {
    text: 'must not use {{scheme}} (allowed are https, reversed domain names like com.example.app, and the schemes of known assistants)',
  },
  schemeOnly: { text: 'must have a host or a path after {{scheme}}' },

  keyObject: { text: 'must be an object' },
  privateKey: { text: 'must be a public key; keep the private one to yourself' },
  keyKind: { text: 'must be RSA, EC or OKP' },
  keyMember: {
    text: 'must be a text of at most 10000 characters, a list of at most 20 such texts, a number, true or false',
  },
  keyCurve: { text: 'must name one of these curves as its crv: {{curves}}' },
  noBase64url: { text: 'must have {{member}} in base64url' },
  keyBytes: {
    text: {
      one: 'must have {{count}} byte in {{member}} for the curve {{curve}}, but has {{length}}',
      other: 'must have {{count}} bytes in {{member}} for the curve {{curve}}, but has {{length}}',
    },
  },
  rsaBits: { text: 'must be an RSA key of {{minimum}} to {{maximum}} bits, but has {{bits}}' },
  rsaExponent: { text: 'must be an RSA key with the usual exponent, AQAB' },
})
