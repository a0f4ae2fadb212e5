import { z } from 'zod'
import { flag, GEOCODERS, oneOf, serviceUrl, text } from './values.ts'
import { variable } from './variable.ts'

/** Calls to other servers. */
export const OTHER_SERVERS = {
  GEOCODER: variable({
    type: oneOf(GEOCODERS),
    default: 'embedded',
    allowed: GEOCODERS.join(', '),
    description:
      'Where TREK searches for places. `embedded` knows towns and calls no other server; the others also know streets, sights and restaurants, and see what people search for. `google` needs GOOGLE_MAPS_KEY.',
  }),
  GEOCODER_URL: variable({
    type: serviceUrl,
    unrepeated: true,
    allowed: 'the address of a Nominatim or Photon server, like http://nominatim.lan:8080',
    description:
      'Your own server for GEOCODER=nominatim or photon. When not set, TREK uses the public servers, within their usage limits.',
  }),
  GEOCODER_CONTACT: variable({
    type: z.email(),
    allowed: 'an e-mail address',
    description:
      'Sent with calls to other servers, so that their operators can write to you. The public Nominatim server asks for it.',
  }),
  GOOGLE_MAPS_KEY: variable({
    type: text,
    secret: true,
    allowed: 'a key of Google Maps Platform with the Places API (New) and the Geocoding API',
    description: 'The key for GEOCODER=google.',
  }),
  WEATHER_URL: variable({
    type: serviceUrl,
    unrepeated: true,
    allowed: 'the address of an Open-Meteo server, like https://api.open-meteo.com',
    description:
      'Where forecasts come from. When not set, TREK calls no server, and days show roughly the usual weather of the season, from a built-in approximate table.',
  }),
  RATES_URL: variable({
    type: serviceUrl,
    unrepeated: true,
    allowed: 'an address like https://api.frankfurter.dev/v2',
    description:
      'A Frankfurter server for exchange rates, called when an expense is in another currency than its trip. When not set, TREK calls no server: people enter the rate themselves, or the expense is shown as not converted.',
  }),
  RELEASES_URL: variable({
    type: serviceUrl,
    unrepeated: true,
    allowed: 'an address like https://api.github.com/repos/OWNER/REPOSITORY/releases/latest',
    description:
      'The address of the newest TREK release, in GitHub’s format or as JSON like `{"version": "1.2.3", "url": "https://…"}`. Each server calls it at most once a day, when an administrator opens the administration; `trek doctor` calls it each time. The called server sees the version of this server, and GEOCODER_CONTACT or APP_URL. When not set, TREK calls no server.',
  }),
  ALLOW_INTERNAL_NETWORK: variable({
    type: flag,
    default: 'false',
    allowed: 'true or false',
    description:
      'Whether links that people paste can lead to addresses on the private network of the server. Addresses of the server itself are always blocked. Services that you set by URL here are always allowed.',
  }),
}
