import type { Target } from '../../../ui/registration.ts'

/** The search parameters of the trips page: whether to open the form for a new trip. */
export const homeSearch = (given: Readonly<Record<string, unknown>>): { create?: true } =>
  given.create ? { create: true } : {}

export const home: Target = { to: '/', search: {} }
export const createTrip: Target = { to: '/', search: { create: true } }
