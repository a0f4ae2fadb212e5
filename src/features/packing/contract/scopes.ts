import { scopeGroup } from '../../../identity/contract/scope-group.ts'

export const packingScopes = scopeGroup({
  name: 'packing',
  order: 40,
  title: 'Packing',
  scopes: {
    'packing:read': 'View packing lists',
    'packing:write': 'Manage packing lists',
  },
})
