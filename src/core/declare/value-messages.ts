import { declareMessages } from './declare-messages.ts'

/** Faults of a value. Each message states what is allowed and, where it helps, what was sent. */
export const wrong = declareMessages('values', {
  required: { text: 'is required' },
  unknown: { text: 'is not known here' },
  unknownNear: { text: 'is not known here. Did you mean {{near}}?' },
  andMoreUnknown: {
    text: { one: 'and {{count}} more name is not known here', other: 'and {{count}} more names are not known here' },
  },
  refused: { text: 'is not allowed here' },
  form: { text: 'has a form that is not allowed here' },
  clearing: { text: '{{problem}}: null clears it; an omitted field stays unchanged' },

  kind: { text: 'must be {{kind}}, not {{sent}}' },
  tooManyDigits: { text: 'has more digits than can be kept: {{sent}}' },
  finite: { text: 'must be a finite number, not {{sent}}' },
  constant: { text: 'must be {{allowed}}' },
  choice: { text: 'must be one of {{allowed}}' },
  choiceElsewhere: { text: '{{problem}}: call {{operation}} for {{sent}}' },
  multiple: { text: 'must be a multiple of {{step}}, not {{sent}}' },
  name: { text: 'has a name that is not allowed here, which {{problem}}' },

  textTooLong: {
    text: {
      one: 'must have at most {{count}} character, but has {{length}}',
      other: 'must have at most {{count}} characters, but has {{length}}',
    },
  },
  textTooShort: {
    text: {
      one: 'must have at least {{count}} character, but has {{length}}',
      other: 'must have at least {{count}} characters, but has {{length}}',
    },
  },
  textLength: {
    text: {
      one: 'must have exactly {{count}} character, but has {{length}}',
      other: 'must have exactly {{count}} characters, but has {{length}}',
    },
  },
  listTooLong: {
    text: {
      one: 'must have at most {{count}} entry, but has {{length}}',
      other: 'must have at most {{count}} entries, but has {{length}}',
    },
  },
  listTooShort: {
    text: {
      one: 'must have at least {{count}} entry, but has {{length}}',
      other: 'must have at least {{count}} entries, but has {{length}}',
    },
  },
  listLength: {
    text: {
      one: 'must have exactly {{count}} entry, but has {{length}}',
      other: 'must have exactly {{count}} entries, but has {{length}}',
    },
  },
  tooManyNames: { text: 'must have at most {{maximum}} entries' },
  atMost: { text: 'must be at most {{maximum}}, not {{sent}}' },
  below: { text: 'must be less than {{maximum}}, not {{sent}}' },
  atLeast: { text: 'must be at least {{minimum}}, not {{sent}}' },
  above: { text: 'must be more than {{minimum}}, not {{sent}}' },

  empty: { text: 'must not be empty' },
  positive: { text: 'must be a positive whole number' },
  zeroByte: { text: 'must not contain the character U+0000' },
  protoName: { text: 'cannot have the name __proto__' },
  controlCharacters: { text: 'must not contain control characters or characters that change the direction of text' },
  date: { text: 'must be a date like 2027-04-05' },
  realDate: { text: 'must be a date that exists in the calendar' },
  instant: { text: 'must be a moment in UTC like 2027-04-05T18:00:00.000Z' },
  time: { text: 'must be a time like 09:30' },
  colour: { text: 'must be a colour like #1f4d3f' },
  emoji: { text: 'must be one emoji like 📝' },
  currency: { text: 'must be a three-letter currency code like EUR' },
  knownCurrency: { text: 'must be a currency code of ISO 4217 like EUR, CHF or JPY' },
  country: { text: 'must be a two-letter country code like JP' },
  latitude: { text: 'must be from -90 to 90' },
  longitude: { text: 'must be from -180 to 180' },
  email: { text: 'must be an e-mail address like ana@example.org' },
  url: { text: 'must be a web address' },
  webAddress: { text: 'must be a web address that starts with http:// or https://' },
  uuid: { text: 'must be a UUID' },
  decimals: {
    text: {
      one: 'must have at most {{count}} decimal in {{currency}}, but is {{amount}}',
      other: 'must have at most {{count}} decimals in {{currency}}, but is {{amount}}',
    },
    hint: 'Round the amount.',
  },
  noDecimals: { text: 'must have no decimals in {{currency}}, but is {{amount}}', hint: 'Round the amount.' },
  neededWith: { text: 'is needed together with {{other}}' },
  otherCoordinate: { text: 'is needed too, because a position has a latitude and a longitude' },
})

/** The kinds of values in messages. */
export const kind = declareMessages('kinds', {
  wholeNumber: { text: 'a whole number' },
  number: { text: 'a number' },
  object: { text: 'an object' },
  list: { text: 'a list' },
  boolean: { text: 'true or false' },
  text: { text: 'a text' },
  emptyText: { text: 'an empty text' },
  thisText: { text: 'the text {{text}}' },
  other: { text: 'a value of the kind {{name}}' },
})
