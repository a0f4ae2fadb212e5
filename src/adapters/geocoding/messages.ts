import { declareMessages } from '../../core/declare/declare-messages.ts'

/** Why a place search fails. */
export const messages = declareMessages('geocoding', {
  unreadable: { code: 'unavailable', text: 'The search of places answered with something that cannot be read' },
  noDetails: {
    code: 'unavailable',
    text: 'This server cannot look up places by their id',
    hint: 'Find the place by name with search_place.',
  },
  busy: { code: 'unavailable', text: 'Too many places are being searched at the moment' },
  google: {
    code: 'unavailable',
    text: 'Google answered {{status}}',
    hint: 'Ask the administrator of the server to check GOOGLE_MAPS_KEY.',
  },
})
