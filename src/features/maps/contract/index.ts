import { z } from 'zod'
import { operation } from '../../../core/declare/operation.ts'
import { Latitude, Line, Longitude, Pattern } from '../../../core/declare/values.ts'

/** A place of the world as a source knows it; create_place adds it to a trip. */
export const FoundPlace = z.object({
  place_id: z.string(),
  name: z.string(),
  address: z.string().nullable(),
  lat: z.number(),
  lng: z.number(),
  country: z.string().nullable(),
  region: z.string().nullable(),
  kind: z.string().nullable(),
  timezone: z.string(),
  google_place_id: z.string().nullable(),
  osm_id: z.string().nullable(),
})
export type FoundPlace = z.output<typeof FoundPlace>

const PlaceDetails = FoundPlace.extend({
  description: z.string().nullable(),
  website: z.string().nullable(),
  phone: z.string().nullable(),
  opening_hours: z.array(z.string()),
  population: z.number().nullable(),
})

const said = {
  /** The source; gazetteer is the included list of towns. */
  source: z.enum(['gazetteer', 'openstreetmap', 'google']),
  /** The attribution to show with it. */
  credit: z.string(),
  note: z.string().nullable(),
}

export const Airport = z.object({
  iata: z.string(),
  name: z.string(),
  city: z.string(),
  country: z.string(),
  lat: z.number(),
  lng: z.number(),
  timezone: z.string(),
})

export const Language = Pattern(35, /^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$/, 'must be a language like en or pt-BR')
  .default('en')
  .describe('Language, like en.')

const query = Line(500).describe('Name or address; a country after a comma.')

export const search_place = operation({
  name: 'search_place',
  title: 'Search for places',
  description:
    'Find places by name or address, with coordinates and ids for create_place. Where source is gazetteer, only towns and cities can be found: give coordinates you know, or none.',
  effect: 'read',
  scope: ['places:read', 'geo:read'],
  openWorld: true,
  route: 'GET /geo/places',
  input: z.object({ query }),
  output: z.object({ places: z.array(FoundPlace), ...said }),
})

export const suggest_places = operation({
  name: 'suggest_places',
  title: 'Suggest places while somebody types',
  description:
    'Places that begin with what has been typed so far. Asks only sources that allow a request at every keystroke; complete says whether search_place could find more.',
  effect: 'read',
  scope: ['places:read', 'geo:read'],
  openWorld: true,
  expose: ['rest'],
  route: 'GET /geo/suggestions',
  input: z.object({ query, lang: Language }),
  output: z.object({ places: z.array(FoundPlace), complete: z.boolean(), ...said }),
})

export const get_place_details = operation({
  name: 'get_place_details',
  title: 'Get details of a found place',
  description: 'Opening hours, website and phone of a place that search_place found, where its source knows them.',
  effect: 'read',
  scope: 'geo:read',
  openWorld: true,
  route: 'GET /geo/places/:placeId',
  input: z.object({ placeId: Line(300).describe('place_id from search_place.'), lang: Language }),
  output: z.object({ place: PlaceDetails, ...said }),
})

export const reverse_geocode = operation({
  name: 'reverse_geocode',
  title: 'Find the address of a position',
  description: 'The address, or the nearest town, at coordinates; place is null at sea.',
  effect: 'read',
  scope: 'geo:read',
  openWorld: true,
  route: 'GET /geo/reverse',
  input: z.object({
    lat: Latitude.describe('Latitude.'),
    lng: Longitude.describe('Longitude.'),
    lang: Language,
  }),
  output: z.object({ place: FoundPlace.nullable(), ...said }),
})

export const resolve_maps_url = operation({
  name: 'resolve_maps_url',
  title: 'Read a map link',
  description:
    'Coordinates and name from a link of Google Maps (short ones too), OpenStreetMap or Apple Maps, a geo: address or a full plus code.',
  effect: 'read',
  scope: 'geo:read',
  openWorld: true,
  route: 'GET /geo/link',
  input: z.object({ url: Line(4000).describe('The link to read.') }),
  output: z.object({
    lat: z.number(),
    lng: z.number(),
    name: z.string().nullable(),
    address: z.string().nullable(),
    google_place_id: z.string().nullable(),
    google_ftid: z.string().nullable(),
    osm_id: z.string().nullable(),
    timezone: z.string(),
    note: z.string().nullable(),
  }),
})

export const search_airports = operation({
  name: 'search_airports',
  title: 'Search for airports',
  description: 'Find airports by code, name, town or country, the busiest first.',
  effect: 'read',
  scope: 'geo:read',
  route: 'GET /airports',
  input: z.object({
    query: Line(200).describe('Code, name, town or country.'),
    limit: z.int().min(1).max(50).default(10).describe('Maximum number to return.'),
  }),
  output: z.object({ airports: z.array(Airport) }),
})

export const get_airport = operation({
  name: 'get_airport',
  title: 'Get an airport',
  description: 'Name, town, position and time zone of an airport.',
  effect: 'read',
  scope: 'geo:read',
  route: 'GET /airports/:iata',
  input: z.object({
    iata: Pattern(3, /^[A-Za-z]{3}$/, 'must be a code of three letters like NRT').describe('IATA code, like NRT.'),
  }),
  output: z.object({ airport: Airport }),
})
