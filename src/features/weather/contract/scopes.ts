import { scopeGroup } from '../../../identity/contract/scope-group.ts'

export const weatherScopes = scopeGroup({
  name: 'weather',
  order: 120,
  title: 'Weather',
  scopes: {
    'weather:read': 'Weather forecasts',
  },
})
