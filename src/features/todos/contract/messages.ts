import { declareMessages } from '../../../core/declare/declare-messages.ts'

export const messages = declareMessages('todos', {
  todoNotFound: {
    code: 'not_found',
    text: 'To-do {{id}} is not in this trip',
    hint: 'Take the id of a to-do from list_todos.',
  },

  due: { text: 'There is something to do for “{{trip}}”' },
  dueBy: { text: '{{about}}, by {{date}}' },
})
