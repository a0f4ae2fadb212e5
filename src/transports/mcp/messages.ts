import { declareMessages } from '../../core/declare/declare-messages.ts'

/** Messages of the MCP endpoint, outside of operations. */
export const messages = declareMessages('mcp', {
  textOrNumber: { text: 'must be a text or a whole number' },
  reference: { text: 'must be "ref/prompt" or "ref/resource"' },
  version: { text: 'must be a text such as {{versions}}' },

  noResource: {
    code: 'not_found',
    text: 'There is no such resource',
    hint: 'Take the URI from resources/list or resources/templates/list.',
  },
  notFollowed: { code: 'forbidden', text: 'This resource cannot be followed. Reason: {{reason}}' },
  tooManyFollowed: {
    code: 'invalid',
    text: {
      one: 'A session can follow at most {{count}} resource',
      other: 'A session can follow at most {{count}} resources',
    },
    hint: 'Unsubscribe from others first.',
  },
  tooManyStreams: {
    code: 'unavailable',
    text: {
      one: 'This server has {{count}} open stream, and accepts no more',
      other: 'This server has {{count}} open streams, and accepts no more',
    },
    hint: 'Open the stream again in a while. Everything else still works.',
  },
  keyIsText: {
    code: 'invalid',
    text: '_meta["trek/idempotencyKey"] must be a text',
    hint: 'Send a UUID, a new one for each write.',
  },

  bug: {
    code: 'bug',
    text: 'Something went wrong on the server. It is in the log as {{incident}}',
    hint: 'Tell the person; trying the very same thing again will hardly help. Nothing was changed.',
  },
})
