import { z } from 'zod'
import { entity, required, stored } from '../../../core/declare/entity.ts'
import { addon, operation, resource } from '../../../core/declare/operation.ts'
import { CountryCode, Id, Instant } from '../../../core/declare/values.ts'
import { Done } from '../../trips/contract/index.ts'

export const atlas = addon({
  name: 'atlas',
  title: 'Atlas',
  description: 'Statistics, regions and the map of where you have been',
  default: true,
})

/** A country somebody has been to; only they see it. */
export const VisitedCountry = entity({
  name: 'visited_country',
  table: 'visited_countries',
  space: 'user',
  spaceKey: 'user_id',
  refs: { user_id: 'user' },
  fields: {
    id: stored(Id),
    user_id: stored(Id),
    country_code: required(CountryCode).describe('ISO 3166-1 alpha-2 code, like JP.'),
    created_at: stored(Instant),
  },
})

const inCountry = VisitedCountry.create

export const list_visited_countries = operation({
  name: 'list_visited_countries',
  title: 'List visited countries',
  description: 'The countries marked as visited, by code.',
  effect: 'read',
  scope: 'atlas:read',
  route: 'GET /visited-countries',
  expose: ['rest'],
  input: z.object({}),
  output: z.object({ countries: z.array(VisitedCountry.row) }),
})

export const mark_country_visited = operation({
  name: 'mark_country_visited',
  title: 'Mark a country as visited',
  description: 'Mark a country as visited. Marking it again changes nothing.',
  effect: 'create',
  scope: 'atlas:write',
  route: 'POST /visited-countries',
  input: inCountry,
  output: z.object({ country: VisitedCountry.row }),
})

export const unmark_country_visited = operation({
  name: 'unmark_country_visited',
  title: 'Unmark a visited country',
  description: 'Mark a country as not visited.',
  effect: 'destroy',
  scope: 'atlas:write',
  route: 'DELETE /visited-countries/:country_code',
  input: inCountry,
  output: Done,
})

export const visited_countries_resource = resource({
  uri: 'trek://visited-countries',
  title: 'Visited countries',
  description: 'The countries you have marked as visited.',
  read: list_visited_countries,
})
