import { iso31661 } from 'iso-3166'
import { invalidField } from '../../../core/declare/errors.ts'
import { implement } from '../../../core/run/feature.ts'
import * as contract from '../contract/index.ts'
import { messages } from '../contract/messages.ts'
import * as store from './store.ts'

const COUNTRIES = new Set(iso31661.filter(({ state }) => state === 'assigned').map(({ alpha2 }) => alpha2 as string))

export const handlers = implement(contract, {
  list_visited_countries: async ({ tx, caller }) => ({
    countries: await store.listVisitedCountries(tx, caller.userId),
  }),

  mark_country_visited: async ({ tx, input: { country_code }, caller, now }) => {
    if (!COUNTRIES.has(country_code)) throw invalidField('country_code', messages.notCountry({ code: country_code }))
    const existing = await store.findVisitedCountry(tx, caller.userId, country_code)
    return { country: existing ?? (await store.insertVisitedCountry(tx, caller.userId, country_code, now)) }
  },

  unmark_country_visited: async ({ tx, input: { country_code }, caller }) => {
    const country = await store.findVisitedCountry(tx, caller.userId, country_code)
    if (!country) {
      const marked = (await store.listVisitedCountries(tx, caller.userId)).map((one) => one.country_code)
      throw marked.length
        ? messages.notMarked({ code: country_code, marked })
        : messages.noneMarked({ code: country_code })
    }
    await store.removeVisitedCountry(tx, country)
    return { success: true }
  },
})
