import { declareMessages } from '../declare/declare-messages.ts'
import type { Message } from '../declare/message.ts'
import type { Addon, AnyOperation, Permission } from '../declare/operation.ts'

/** The messages of the pipeline for any operation. */
export const messages = declareMessages('core', {
  wrongInput: { code: 'invalid', text: '{{operation}}: {{problem}}', hint: 'Use only the arguments {{allowed}}.' },
  takesNothing: { code: 'invalid', text: '{{operation}}: {{problem}}', hint: 'Leave out all arguments.' },
  noOperation: { code: 'not_found', text: 'There is no operation {{operation}}' },
  nothingToFollow: { code: 'not_found', text: 'There is nothing to follow here' },
  notLoggedIn: { code: 'unauthenticated', text: 'Log in first' },
  missingScope: {
    code: 'forbidden',
    text: '{{operation}} needs the scope {{scope}}',
    hint: 'Ask the person to connect this program again and tick it on the consent page. The page shows it if the program asks for {{scope}}, or names no scopes. If the person added the program under Settings > Integrations, they add it again there with this scope.',
  },
  viewer: {
    code: 'forbidden',
    text: 'You can see this, but you cannot change it',
    hint: 'Ask the owner to make you an editor.',
  },
  tooManyFiles: {
    code: 'unavailable',
    text: 'The server has too many files and connections open',
    hint: 'Try again in a moment, or ask its administrator to raise the limit of open files (ulimit -n).',
  },

  addonOff: {
    code: 'addon_off',
    text: '{{addon}} is switched off on this server',
    hint: 'Ask an administrator to switch on the add-on {{name}}.',
  },
  addonOffForPart: {
    code: 'addon_off',
    text: 'A part of this belongs to {{addon}}, which is switched off on this server',
    hint: '{{without}} To do all of it, ask an administrator to switch on the add-on {{name}}. Nothing was changed.',
  },
  notPermitted: {
    code: 'forbidden',
    text: 'Only {{circle}} can do this: {{permission}}',
    hint: 'Ask the owner of the trip, or an administrator, who can change the permission.',
  },
  notPermittedForPart: {
    code: 'forbidden',
    text: 'Only {{circle}} can do a part of this: {{permission}}',
    hint: '{{without}} To do all of it, ask the owner of the trip, or an administrator, who can change the permission. Nothing was changed.',
  },
  missingScopeForPart: {
    code: 'forbidden',
    text: 'A part of this needs the scope {{scope}}, which {{operation}} needs to change {{feature}} too',
    hint: '{{without}} To do all of it, ask the person to grant {{scope}}. Nothing was changed.',
  },

  keyLength: {
    code: 'invalid',
    text: {
      one: 'The idempotency key has {{count}} character',
      other: 'The idempotency key has {{count}} characters',
    },
    hint: 'Use 1 to {{maximum}} characters, such as a UUID: another one for each write, and the same one to send a write again.',
  },
  keyUsedWithOtherInput: {
    code: 'conflict',
    text: 'This idempotency key was used with another input, at {{at}}',
    hint: 'Use another key for another write. To send the same write again, send the same input.',
  },
  keyUsedForOther: {
    code: 'conflict',
    text: 'This idempotency key was used for {{operation}}, at {{at}}',
    hint: 'Use another key for another write. To send the same write again, send the same input.',
  },
  stillRunning: {
    code: 'unavailable',
    text: '{{operation}} with this key has not finished yet',
    hint: 'Send the same call again in a moment.',
  },
  outcomeUnknown: {
    code: 'conflict',
    text: 'It is not known whether this was done',
    hint: 'Check with {{operation}} first, because it acts outside of this server, which stopped in between. Then decide whether to send it with another key.',
  },

  invalidBase: {
    code: 'invalid',
    text: '{{where}} must be the number of a change, like 41',
    hint: 'Use seq of the last frame or answer that you have applied. If you omit it, the last write wins.',
  },
  baseTooOld: {
    code: 'conflict',
    text: 'The rows that this change is based on cannot be compared with the rows that are there now',
    hint: 'Reload the rows, and send the change with the new seq. Nothing was changed.',
  },
  removedMeanwhile: {
    code: 'conflict',
    text: '{{who}} has removed this in the meantime',
    hint: 'Reload the rows. Nothing was changed.',
  },
  changedMeanwhile: {
    code: 'conflict',
    text: '{{who}} changed {{fields}} in the meantime',
    hint: 'Compare the values in details.conflicts. To keep yours, send the call again with the seq of details. Nothing was changed.',
  },
  somebody: { text: 'Somebody' },

  addonIsOff: { text: 'the add-on {{addon}} is switched off' },
  needsScope: { text: 'needs the scope {{scope}}' },

  foreignCursor: { text: 'is not a cursor of this list', hint: 'Leave cursor out to start at the first page.' },
  notInList: { text: '{{id}} is not in this list', hint: 'Read the list for the ids that it has.' },
  notInOrder: { text: 'must name every entry exactly once: {{faults}}' },
  missingEntries: { text: { one: '{{ids}} is missing', other: '{{ids}} are missing' } },
  foreignEntries: { text: { one: '{{ids}} does not belong here', other: '{{ids}} do not belong here' } },
  repeatedEntries: { text: 'some are named twice' },
})

/** Why a server is not ready. */
export const unready = declareMessages('ready', {
  database: { text: 'The database does not answer' },
  migrations: { text: 'The database lacks changes that this version of the server needs' },
  stopping: { text: 'The server is shutting down' },
})

export const circles = declareMessages('circles', {
  admin: { text: 'administrators' },
  owner: { text: 'the owner' },
  member: { text: 'members' },
  everybody: { text: 'everybody' },
})

/** The people who can do a thing, as part of a sentence. */
export const circleOf = (level: keyof typeof circles): Message => circles[level]()

/** The title of an add-on. */
export const titleOfAddon = ({ name, title }: Addon): Message => ({ key: `addons.${name}`, params: {}, text: title })

/** The title of a right. */
export const titleOfPermission = ({ name, title }: Permission): Message => ({
  key: `permissions.${name}`,
  params: {},
  text: title,
})

/** What an operation does without the rows of another feature; empty if it then does nothing. */
export const withoutFeature = ({ name, alsoWrites }: AnyOperation, feature: string): Message | string => {
  const text = alsoWrites[feature]
  return text ? { key: `without.${name}-${feature}`, params: {}, text } : ''
}
