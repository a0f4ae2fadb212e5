import { scopeGroup } from '../../../identity/contract/scope-group.ts'

/** Published, so that tokens can have them already; no operation asks for them yet. */
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
