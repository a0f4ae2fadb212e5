import { registrations } from '../registrations.ts'

/** The part of the trip that the address names; empty if there is no such part, and then the plan opens. */
export function openPart(search: Readonly<Record<string, unknown>>): { part?: string } {
  const tab = registrations.tabs.find(({ part }) => part === search.part)
  return tab ? { part: tab.part } : {}
}
