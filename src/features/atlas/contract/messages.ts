import { declareMessages } from '../../../core/declare/declare-messages.ts'

export const messages = declareMessages('atlas', {
  notCountry: {
    text: 'must be a country of ISO 3166-1, not {{code}}',
    hint: 'Japan is JP, and the United Kingdom is GB.',
  },
  notMarked: {
    code: 'not_found',
    text: '{{code}} is not marked as visited',
    hint: 'You have marked {{marked}}.',
  },
  noneMarked: {
    code: 'not_found',
    text: '{{code}} is not marked as visited',
    hint: 'You have not marked any country yet.',
  },
})
