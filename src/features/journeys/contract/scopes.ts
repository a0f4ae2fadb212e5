import { scopeGroup } from '../../../identity/contract/scope-group.ts'

/** Declared so that tokens can already have them; no operation requires them yet. */
export const journeyScopes = scopeGroup({
  name: 'journey',
  order: 130,
  title: 'Journeys',
  scopes: {
    'journey:read': 'View journeys',
    'journey:write': 'Manage journeys',
    'journey:share': 'Manage journey links',
  },
})
