import { declareMessages } from '../../../core/declare/declare-messages.ts'

export const messages = declareMessages('maps', {
  placeNotFound: { code: 'not_found', text: 'There is no such place', hint: 'Take a place_id from search_place.' },
  airportNotFound: {
    code: 'not_found',
    text: 'There is no airport {{code}}',
    hint: 'Find the code with search_airports.',
  },
  notPlaceLink: {
    text: 'must be a link to a place on a map',
    hint: 'Copy the link of a place in Google Maps, OpenStreetMap or Apple Maps, or give its coordinates.',
  },
  positionUnknown: {
    text: 'is a link to a place whose position this server does not know',
    hint: 'Open the link, press and hold the place on the map, and copy its coordinates.',
  },
  positionOf: { text: 'The link has no position; this is the position of {{name}}.' },
  onlyTowns: { text: 'Only towns are known here; sights and addresses are not.' },
})
