import { declareMessages } from '../../core/declare/declare-messages.ts'

/** Messages about a connection at `/ws` and its frames. */
export const messages = declareMessages('live', {
  otherSite: {
    code: 'forbidden',
    text: 'Pages of other sites cannot connect',
    hint: 'Set APP_URL to the address in the browser if there is a proxy.',
  },
  tooManyOfPerson: {
    code: 'rate_limited',
    text: {
      one: 'One person can have at most {{count}} connection',
      other: 'One person can have at most {{count}} connections',
    },
  },
  tooMany: {
    code: 'unavailable',
    text: {
      one: 'This server has {{count}} open connection, and accepts no more',
      other: 'This server has {{count}} open connections, and accepts no more',
    },
    hint: 'Try again in a while.',
  },
  noFrame: {
    code: 'invalid',
    text: 'This frame cannot be understood',
    hint: 'Send a JSON text with a type of subscribe, unsubscribe or here, and with space and id.',
  },
  invalidFrame: {
    code: 'invalid',
    text: 'This frame cannot be understood: {{problem}}',
    hint: 'Send a JSON text with a type of subscribe, unsubscribe or here, and with space and id.',
  },
  hereWithoutSpace: { code: 'invalid', text: 'Subscribe to the space before you say that you are here' },
  tooManySpaces: {
    code: 'invalid',
    text: {
      one: 'A connection can follow at most {{count}} space',
      other: 'A connection can follow at most {{count}} spaces',
    },
    hint: 'Unsubscribe from another one first.',
  },
})
