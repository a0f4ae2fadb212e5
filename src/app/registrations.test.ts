/// <reference types="vite/types/importMeta.d.ts" />
import { Star } from 'lucide-react'
import { expect, test, vi } from 'vitest'
import type { Addon } from '../core/declare/operation.ts'
import { EVENTS } from '../features/notifications/contract/index.ts'
import { english } from '../ui/english.ts'
import { gather, type Registration } from '../ui/registration.ts'

// The theme needs this function of the browser.
vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => {} }))
vi.stubGlobal('localStorage', { getItem: () => null })
const { everyRegistration, registrations } = await import('./registrations.ts')
const { openPart } = await import('./trip/open-part.ts')
const contracts = import.meta.glob<Record<string, unknown>>('../features/*/contract/*.ts', { eager: true })

const ORDER = {
  tabs: ['plan', 'map', 'places', 'bookings', 'costs', 'packing', 'todos', 'together', 'files', 'history'],
  commands: ['create', 'trips', 'atlas', 'settings', 'assistants', 'admin', 'theme'],
  settings: ['profile', 'security', 'integrations', 'notifications', 'doctor'],
  admin: ['users', 'addons', 'permissions', 'access', 'backups', 'history', 'audit'],
  publicSections: ['plan', 'bookings', 'costs', 'packing', 'notes'],
  links: ['/', '/atlas'],
}

const namesIn = (gathered: ReturnType<typeof gather>) => ({
  tabs: gathered.tabs.map(({ part }) => part),
  commands: gathered.commands.map(({ id }) => id),
  settings: gathered.settings.map(({ value }) => value),
  admin: gathered.admin.map(({ value }) => value),
  publicSections: gathered.publicSections.map(({ id }) => id),
  links: gathered.links.map(({ to }) => to),
})

const Nothing = Object.assign(() => null, { preload: async () => undefined })

const toy: Registration = {
  tabs: [{ part: 'toy', label: 'toy.title', Icon: Star, order: 55, Page: Nothing }],
  commands: [{ id: 'toy', label: 'toy.title', Icon: Star, order: 45, opens: { to: '/toy' } }],
  settings: [{ value: 'toy', label: 'toy.title', order: 15, Panel: Nothing }],
  admin: [{ value: 'toy', label: 'toy.title', order: 60, Panel: Nothing }],
  publicSections: [{ id: 'toy', label: 'toy.title', order: 5, isIn: () => true, Section: Nothing }],
  pages: [{ path: '/toy', frame: 'bar', component: Nothing }],
  links: [{ to: '/toy', label: 'toy.title', Icon: Star, order: 30 }],
  news: { toy_broken: Star },
}

test('tabs, commands, settings, administration, public sections and links are in this order', () => {
  expect(namesIn(registrations)).toEqual(ORDER)
})

test('on a desktop the map and the places are not tabs, and only an administrator has the doctor and the administration', () => {
  expect(registrations.tabs.filter((one) => one.phoneOnly).map(({ part }) => part)).toEqual(['map', 'places'])
  expect(registrations.settings.filter((one) => one.adminOnly).map(({ value }) => value)).toEqual(['doctor'])
  expect(registrations.commands.filter((one) => one.adminOnly).map(({ id }) => id)).toEqual(['admin'])
})

test('the account menu has the settings, the assistants and the administration', () => {
  const inMenu = registrations.commands.filter((one) => one.inAccountMenu).map(({ id }) => id)
  expect(inMenu).toEqual(['settings', 'assistants', 'admin'])
})

test('one registration adds a feature to every list at its position, and changes nothing else', () => {
  const before = registrations
  const after = gather([...everyRegistration, toy])
  const insert = (list: readonly string[], at: number, one = 'toy') => list.toSpliced(at, 0, one)
  expect(namesIn(after)).toEqual({
    tabs: insert(ORDER.tabs, 5),
    commands: insert(ORDER.commands, 3),
    settings: insert(ORDER.settings, 1),
    admin: insert(ORDER.admin, 7),
    publicSections: insert(ORDER.publicSections, 0),
    links: insert(ORDER.links, 2, '/toy'),
  })
  expect(after.pages).toEqual([...before.pages, ...(toy.pages ?? [])])
  expect(after.news).toEqual({ ...before.news, ...toy.news })
  const isOld = (one: object) => !Object.values(toy).flat().includes(one)
  for (const list of ['tabs', 'commands', 'settings', 'admin', 'publicSections', 'links'] as const) {
    const otherEntries: readonly object[] = after[list]
    expect(otherEntries.filter(isOld)).toEqual(before[list])
  }
})

test('nothing is registered twice, and no two entries have the same position', () => {
  for (const [list, names] of Object.entries(namesIn(registrations))) {
    expect(new Set(names).size, list).toBe(names.length)
  }
  for (const list of ['tabs', 'commands', 'settings', 'admin', 'publicSections', 'links'] as const) {
    const places = registrations[list].map(({ order }) => order)
    expect(new Set(places).size, list).toBe(places.length)
  }
  const paths = registrations.pages.map(({ path }) => path)
  expect(new Set(paths).size).toBe(paths.length)
})

test('every event that people are notified of has an icon', () => {
  expect(Object.keys(registrations.news).sort()).toEqual([...EVENTS].sort())
})

test('every label is a text', () => {
  const { tabs, commands, settings, admin, publicSections, links } = registrations
  const labels = [...tabs, ...commands, ...settings, ...admin, ...publicSections, ...links].map(({ label }) =>
    typeof label === 'string' ? label : label(),
  )
  const textOf = (key: string) => key.split('.').reduce<unknown>((texts, one) => texts?.[one as keyof object], english)
  expect(labels.filter((key) => typeof textOf(key) !== 'string')).toEqual([])
})

test('a tab names an add-on that a contract declares', () => {
  const isAddon = (one: unknown): one is Addon => (one as Partial<Addon> | null)?.kind === 'addon'
  const declared = Object.values(contracts).flatMap((contract) => Object.values(contract).filter(isAddon))
  const names = declared.map(({ name }) => name)
  expect(registrations.tabs.flatMap(({ addon }) => addon ?? []).filter((name) => !names.includes(name))).toEqual([])
})

test('an address opens the part that it names, or the plan if there is no such part', () => {
  expect(openPart({ part: 'packing' })).toEqual({ part: 'packing' })
  expect(openPart({ part: 'nowhere' })).toEqual({})
  expect(openPart({ part: ['packing'] })).toEqual({})
  expect(openPart({})).toEqual({})
})
