import { scopeGroup } from '../../../identity/contract/scope-group.ts'

export const placeScopes = scopeGroup({
  name: 'places',
  order: 20,
  title: 'Places',
  scopes: {
    'places:read': 'View places & map data',
    'places:write': 'Manage places',
  },
})
