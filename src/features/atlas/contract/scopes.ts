import { scopeGroup } from '../../../identity/contract/scope-group.ts'

export const atlasScopes = scopeGroup({
  name: 'atlas',
  order: 30,
  title: 'Atlas',
  scopes: {
    'atlas:read': 'View Atlas',
    'atlas:write': 'Manage Atlas',
  },
})
