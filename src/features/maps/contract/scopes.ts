import { scopeGroup } from '../../../identity/contract/scope-group.ts'

export const geoScopes = scopeGroup({
  name: 'geo',
  order: 110,
  title: 'Geography',
  scopes: {
    'geo:read': 'Maps & geocoding',
  },
})
