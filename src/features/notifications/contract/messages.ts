import { declareMessages } from '../../../core/declare/declare-messages.ts'

export const messages = declareMessages('notifications', {
  notFound: {
    code: 'not_found',
    text: 'You have no notification {{id}}',
    hint: 'list_notifications lists your notifications with their ids.',
  },
  hidden: { text: 'Only programs with the scope {{scope}} can see what this is about.' },
})
