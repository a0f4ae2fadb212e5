import { scopeGroup } from '../../../identity/contract/scope-group.ts'

export const notificationScopes = scopeGroup({
  name: 'notifications',
  order: 90,
  title: 'Notifications',
  scopes: {
    'notifications:read': 'View notifications',
    'notifications:write': 'Manage notifications',
  },
})
