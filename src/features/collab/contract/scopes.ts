import { scopeGroup } from '../../../identity/contract/scope-group.ts'

export const collabScopes = scopeGroup({
  name: 'collab',
  order: 80,
  title: 'Collaboration',
  scopes: {
    'collab:read': 'View collaboration',
    'collab:write': 'Manage collaboration',
  },
})
