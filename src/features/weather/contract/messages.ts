import { declareMessages } from '../../../core/declare/declare-messages.ts'

export const messages = declareMessages('weather', {
  notKnown: {
    code: 'unavailable',
    text: 'The weather there is not known',
    hint: 'Ask the administrator of the server to set WEATHER_URL for forecasts: the table of usual weather has no city within 300 km.',
  },
})
