// Written by `npm run generate` from the contracts of the features.
import { atlasScopes } from '../../features/atlas/contract/scopes.ts'
import { budgetScopes } from '../../features/budget/contract/scopes.ts'
import { collabScopes } from '../../features/collab/contract/scopes.ts'
import { journeyScopes } from '../../features/journeys/contract/scopes.ts'
import { geoScopes } from '../../features/maps/contract/scopes.ts'
import { notificationScopes } from '../../features/notifications/contract/scopes.ts'
import { packingScopes } from '../../features/packing/contract/scopes.ts'
import { placeScopes } from '../../features/places/contract/scopes.ts'
import { reservationScopes } from '../../features/reservations/contract/scopes.ts'
import { todoScopes } from '../../features/todos/contract/scopes.ts'
import { tripScopes } from '../../features/trips/contract/scopes.ts'
import { vacayScopes } from '../../features/vacay/contract/scopes.ts'
import { weatherScopes } from '../../features/weather/contract/scopes.ts'

/** What can be granted, in order. */
export const SCOPE_GROUPS = {
  trips: tripScopes,
  places: placeScopes,
  atlas: atlasScopes,
  packing: packingScopes,
  todos: todoScopes,
  budget: budgetScopes,
  reservations: reservationScopes,
  collab: collabScopes,
  notifications: notificationScopes,
  vacay: vacayScopes,
  geo: geoScopes,
  weather: weatherScopes,
  journey: journeyScopes,
}
