import type { Target } from '../../../ui/registration.ts'

/** What the address of the trips page says: whether somebody wants to create a trip. */
export const homeSearch = (given: Readonly<Record<string, unknown>>): { create?: true } =>
  given.create ? { create: true } : {}

export const home: Target = { to: '/', search: {} }
export const createTrip: Target = { to: '/', search: { create: true } }
