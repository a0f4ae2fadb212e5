import type { DayWeather, Sky } from '../../../adapters/weather/index.ts'

type Words = Record<Sky | 'usual', string>

const WORDS: Record<string, Words> = {
  en: {
    clear: 'Clear',
    partly_cloudy: 'Partly cloudy',
    cloudy: 'Cloudy',
    fog: 'Fog',
    drizzle: 'Drizzle',
    rain: 'Rain',
    showers: 'Showers',
    snow: 'Snow',
    thunderstorm: 'Thunderstorms',
    usual: 'Usually',
  },
  de: {
    clear: 'Klar',
    partly_cloudy: 'Teils bewölkt',
    cloudy: 'Bewölkt',
    fog: 'Nebel',
    drizzle: 'Nieselregen',
    rain: 'Regen',
    showers: 'Schauer',
    snow: 'Schnee',
    thunderstorm: 'Gewitter',
    usual: 'Gewöhnlich',
  },
  fr: {
    clear: 'Dégagé',
    partly_cloudy: 'Partiellement nuageux',
    cloudy: 'Nuageux',
    fog: 'Brouillard',
    drizzle: 'Bruine',
    rain: 'Pluie',
    showers: 'Averses',
    snow: 'Neige',
    thunderstorm: 'Orages',
    usual: 'D’habitude',
  },
  es: {
    clear: 'Despejado',
    partly_cloudy: 'Parcialmente nublado',
    cloudy: 'Nublado',
    fog: 'Niebla',
    drizzle: 'Llovizna',
    rain: 'Lluvia',
    showers: 'Chubascos',
    snow: 'Nieve',
    thunderstorm: 'Tormentas',
    usual: 'Normalmente',
  },
  it: {
    clear: 'Sereno',
    partly_cloudy: 'Parzialmente nuvoloso',
    cloudy: 'Nuvoloso',
    fog: 'Nebbia',
    drizzle: 'Pioviggine',
    rain: 'Pioggia',
    showers: 'Rovesci',
    snow: 'Neve',
    thunderstorm: 'Temporali',
    usual: 'Di solito',
  },
}

/** A day in a few words; in English if the language is not one of the five. */
export function summaryOf({ kind, sky, temperature_min: min, temperature_max: max }: DayWeather, lang: string): string {
  const words = WORDS[lang.slice(0, 2).toLowerCase()] ?? (WORDS.en as Words)
  const what = kind === 'climate_average' ? words.usual : sky && words[sky]
  const degrees = `${Math.round(min)} – ${Math.round(max)} °C`
  return what ? `${what} ${degrees}` : degrees
}
