import { declareMessages } from '../../../core/declare/declare-messages.ts'

export const messages = declareMessages('atlas', {
  notCountry: {
    text: 'must be a country of ISO 3166-1, not {{code}}',
    hint: 'Give a code like JP for Japan, or GB for the United Kingdom.',
  },
  notMarked: {
    code: 'not_found',
    text: '{{code}} is not marked as visited',
    hint: 'Choose one that you have marked: {{marked}}.',
  },
  noneMarked: {
    code: 'not_found',
    text: '{{code}} is not marked as visited',
    hint: 'Mark a country first: none is marked yet.',
  },
})
