import { declareMessages } from '../../../core/declare/declare-messages.ts'

export const messages = declareMessages('notifications', {
  notFound: {
    code: 'not_found',
    text: 'You have no notification {{id}}',
    hint: 'Take the id from list_notifications.',
  },
  hidden: { text: 'Only programs with the scope {{scope}} can see what this is about.' },
})
