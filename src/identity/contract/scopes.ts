/**
 * What can be granted to a program that acts for somebody: the scopes of the published contract, in the groups and with the
 * words in which a person is asked for them.
 */
export interface GrantableScope {
  readonly scope: string
  readonly group: string
  readonly label: string
}

const group = (name: string, labels: Record<string, string>): GrantableScope[] =>
  Object.entries(labels).map(([scope, label]) => ({ scope, group: name, label }))

export const SCOPES: readonly GrantableScope[] = [
  ...group('Trips', {
    'trips:read': 'View trips & itineraries',
    'trips:write': 'Edit trips & itineraries',
    'trips:delete': 'Delete trips (irreversible)',
    'trips:share': 'Manage share links',
  }),
  ...group('Places', { 'places:read': 'View places & map data', 'places:write': 'Manage places' }),
  ...group('Atlas', { 'atlas:read': 'View Atlas', 'atlas:write': 'Manage Atlas' }),
  ...group('Packing', { 'packing:read': 'View packing lists', 'packing:write': 'Manage packing lists' }),
  ...group('To-dos', { 'todos:read': 'View to-do lists', 'todos:write': 'Manage to-do lists' }),
  ...group('Budget', { 'budget:read': 'View budget', 'budget:write': 'Manage budget' }),
  ...group('Reservations', { 'reservations:read': 'View reservations', 'reservations:write': 'Manage reservations' }),
  ...group('Collaboration', { 'collab:read': 'View collaboration', 'collab:write': 'Manage collaboration' }),
  ...group('Notifications', {
    'notifications:read': 'View notifications',
    'notifications:write': 'Manage notifications',
  }),
  ...group('Vacations', { 'vacay:read': 'View vacation plans', 'vacay:write': 'Manage vacation plans' }),
  ...group('Geography', { 'geo:read': 'Maps & geocoding' }),
  ...group('Weather', { 'weather:read': 'Weather forecasts' }),
  ...group('Journeys', {
    'journey:read': 'View journeys',
    'journey:write': 'Manage journeys',
    'journey:share': 'Manage journey links',
  }),
]
