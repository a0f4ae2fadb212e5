import { scopeGroup } from '../../../identity/contract/scope-group.ts'

export const reservationScopes = scopeGroup({
  name: 'reservations',
  order: 70,
  title: 'Reservations',
  scopes: {
    'reservations:read': 'View reservations',
    'reservations:write': 'Manage reservations',
  },
})
