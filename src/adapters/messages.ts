import { declareMessages } from '../core/declare/declare-messages.ts'

/** Messages about calls to other servers. */
export const outgoing = declareMessages('outgoing', {
  offline: { code: 'unavailable', text: 'This server does not call other servers' },
  noAddress: { code: 'invalid', text: 'This is not a web address' },
  wrongProtocol: {
    code: 'invalid',
    text: 'Addresses that start with {{protocol}}// cannot be called',
    hint: 'Give an address that starts with https://.',
  },
  hasPassword: {
    code: 'invalid',
    text: 'The address contains a user name or a password',
    hint: 'Give the address without them.',
  },
  notPublic: {
    code: 'invalid',
    text: '{{host}} is not an address on the public internet',
    hint: 'Give a public web address, or ask an administrator of the server to allow addresses on its own network with ALLOW_INTERNAL_NETWORK.',
  },

  endlessRedirects: { code: 'unavailable', text: '{{host}} redirects from one address to the next without end' },
  wrongRedirect: { code: 'unavailable', text: '{{host}} redirects to an address that cannot be read' },
  unreadable: {
    code: 'unavailable',
    text: '{{host}} answered with something that cannot be read',
    hint: 'Try again later.',
  },
  tooLarge: { code: 'unavailable', text: '{{host}} answered with more than {{kilobytes}} KB' },
  refused: { code: 'unavailable', text: '{{host}} answered with an error ({{status}})' },
  leftAlone: {
    code: 'unavailable',
    text: '{{host}} has failed several times, so this server does not call it for a moment',
    hint: 'Try again later.',
  },
})

/** Why a call to a host failed. */
export const outage = declareMessages('outage', {
  tooManyRequests: { text: '{{host}} gets too many requests', hint: 'Try again later.' },
  failed: { text: '{{host}} answered with an error ({{status}})', hint: 'Try again later.' },
  late: { text: '{{host}} did not answer in time', hint: 'Try again later.' },
  unreachable: { text: '{{host}} could not be reached', hint: 'Try again later.' },
})

/** Messages about a failing upload storage. */
export const storage = declareMessages('storage', {
  noRoom: { text: 'There is no room left on the server', hint: 'Ask its administrator to make room.' },
  folderNotWritten: {
    text: 'The server cannot write to its folder of uploads',
    hint: 'Ask its administrator to look at the disk of DATA_DIR.',
  },
  folderNotRead: {
    text: 'The server cannot read its folder of uploads',
    hint: 'Ask its administrator to look at the disk of DATA_DIR.',
  },
  otherFolder: {
    text: 'The folder of uploads is no longer where it was',
    hint: 'Ask its administrator to look at the disk of DATA_DIR.',
  },
  diskNotWritten: {
    text: 'The server cannot write to its disk',
    hint: 'Ask its administrator to look at the disk of DATA_DIR.',
  },
  bucketNotWritten: {
    text: 'The server cannot write to its storage of uploads',
    hint: 'Ask its administrator to look at FILES_URL, and in the log of the server.',
  },
  bucketNotRead: {
    text: 'The server cannot read its storage of uploads',
    hint: 'Ask its administrator to look at FILES_URL, and in the log of the server.',
  },
  otherBucket: {
    text: 'The storage of uploads is not the one that it was',
    hint: 'Ask its administrator to look at FILES_URL, and in the log of the server.',
  },
})
