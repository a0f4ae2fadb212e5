import type { Samples } from './scene.ts'

/** Kyoto, as the list of towns has it, on a day in spring. */
export const mapSamples = async (): Promise<Samples> => ({
  'geo.query': 'Kyoto',
  'geo.placeId': 'city:1857910',
  'geo.lat': 35.01,
  'geo.lng': 135.77,
  'geo.url': 'https://www.openstreetmap.org/?mlat=35.0394&mlon=135.7292',
  'airports.query': 'Tokyo',
  iata: 'NRT',
  'weather.lat': 35.01,
  'weather.lng': 135.77,
  'weather.date': '2027-04-05',
})
