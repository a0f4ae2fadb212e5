import { scopeGroup } from '../../../identity/contract/scope-group.ts'

/** Declared so that tokens can already have them; no operation requires them yet. */
export const vacayScopes = scopeGroup({
  name: 'vacay',
  order: 100,
  title: 'Vacations',
  scopes: {
    'vacay:read': 'View vacation plans',
    'vacay:write': 'Manage vacation plans',
  },
})
