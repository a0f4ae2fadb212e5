import { scopeGroup } from '../../../identity/contract/scope-group.ts'

export const budgetScopes = scopeGroup({
  name: 'budget',
  order: 60,
  title: 'Budget',
  scopes: {
    'budget:read': 'View budget',
    'budget:write': 'Manage budget',
  },
})
