import { scopeGroup } from '../../../identity/contract/scope-group.ts'

export const todoScopes = scopeGroup({
  name: 'todos',
  order: 50,
  title: 'To-dos',
  scopes: {
    'todos:read': 'View to-do lists',
    'todos:write': 'Manage to-do lists',
  },
})
