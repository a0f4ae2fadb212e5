/// <reference types="vite/types/importMeta.d.ts" />
import { gather, type Registration } from '../ui/registration.ts'
import { registration as own } from './register.ts'

const modules = import.meta.glob<{ registration: Registration }>(
  ['../features/*/web/register.{ts,tsx}', '../identity/web/register.{ts,tsx}'],
  { eager: true },
)

/** Everything the app and the features register: each `register.ts` is included. */
export const everyRegistration: readonly Registration[] = [
  own,
  ...Object.values(modules).map(({ registration }) => registration),
]

export const registrations = gather(everyRegistration)
