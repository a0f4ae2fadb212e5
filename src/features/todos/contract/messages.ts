import { declareMessages } from '../../../core/declare/declare-messages.ts'

export const messages = declareMessages('todos', {
  todoNotFound: {
    code: 'not_found',
    text: 'To-do {{id}} is not in this trip',
    hint: 'list_todos lists the to-dos with their ids.',
  },

  due: { text: 'There is something to do for “{{trip}}”' },
  dueBy: { text: '{{about}}, by {{date}}' },
})
