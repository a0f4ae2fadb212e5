import { scopeGroup } from '../../../identity/contract/scope-group.ts'

export const tripScopes = scopeGroup({
  name: 'trips',
  order: 10,
  title: 'Trips',
  scopes: {
    'trips:read': 'View trips & itineraries',
    'trips:write': 'Edit trips & itineraries',
    'trips:delete': 'Delete trips and restore them',
    'trips:share': 'Manage share links',
  },
})
