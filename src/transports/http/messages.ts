import { declareMessages } from '../../core/declare/declare-messages.ts'

/** Errors of the HTTP layer, before any operation is called. */
export const messages = declareMessages('http', {
  unreadable: { text: 'The request could not be read' },
  closed: { text: 'This address is not open to you' },
  nothingThere: { text: 'There is nothing at this address' },
  wrongMethod: { text: 'This address does not take that method', hint: 'Use {{methods}}.' },
  tooSlow: { text: 'The request took too long to arrive' },
  bodyTooLarge: { text: 'The body is too large' },
  bodyOverLimit: { text: 'The body is too large', hint: 'Send at most {{size}}.' },
  addressTooLong: { text: 'The address is too long' },
  wrongType: { text: 'The body has a type that is not allowed here', hint: 'Send application/json.' },
  onlyWebSocket: { text: 'This address speaks WebSocket only', hint: 'Ask for an upgrade to websocket.' },
  headersTooLarge: { text: 'The headers are too large' },
  notReady: { text: 'The server is not ready right now' },
  noJson: { text: 'The body is not valid JSON' },
  emptyJson: { text: 'The body is empty although it is said to be JSON' },
  wrongLength: { text: 'The body is not as long as Content-Length says' },
  wrongPath: { text: 'The address is not a valid URL path' },
  partTooLong: { text: 'A part of the address is too long' },

  unknownHost: {
    code: 'forbidden',
    text: 'This server does not answer to the host {{host}}',
    hint: 'Use the address in APP_URL, or add the host to ALLOWED_HOSTS.',
  },
  noHost: { text: '(none)' },
  otherSite: {
    code: 'forbidden',
    text: 'Pages of other sites cannot do this',
    hint: 'Add its host to ALLOWED_HOSTS if the page is yours.',
  },
  tooManyParts: {
    code: 'invalid',
    text: 'The body has too many parts: at most {{maximum}} names, lists and objects are allowed',
  },
  forbiddenMember: {
    code: 'invalid',
    text: 'The body cannot have a member "__proto__", or a member "constructor" that has a "prototype"',
    hint: 'Leave it out.',
  },
  metricsToken: {
    code: 'unauthenticated',
    text: 'The metrics of this server need its METRICS_TOKEN',
    hint: 'Send it as Authorization: Bearer ….',
  },

  bug: { code: 'bug', text: 'Something went wrong on the server. It is in the log as {{id}}.' },
})
