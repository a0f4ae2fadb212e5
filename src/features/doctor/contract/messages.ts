import { declareMessages } from '../../../core/declare/declare-messages.ts'

export const messages = declareMessages('doctor', {
  origin: { text: 'must be an origin like https://trek.example.org' },
  readOnly: { text: 'The doctor only looks' },
  nothingHere: { code: 'not_found', text: 'There is nothing at this address' },
})
