import { declareMessages } from '../../../core/declare/declare-messages.ts'

export const messages = declareMessages('weather', {
  notKnown: {
    code: 'unavailable',
    text: 'The weather there is not known',
    hint: 'The table of usual weather has no city within 300 km. The operator can set WEATHER_URL for forecasts.',
  },
})
