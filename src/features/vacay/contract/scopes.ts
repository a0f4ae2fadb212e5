import { scopeGroup } from '../../../identity/contract/scope-group.ts'

/** Published, so that tokens can have them already; no operation asks for them yet. */
export const vacayScopes = scopeGroup({
  name: 'vacay',
  order: 100,
  title: 'Vacations',
  scopes: {
    'vacay:read': 'View vacation plans',
    'vacay:write': 'Manage vacation plans',
  },
})
