import { expect, test } from 'vitest'
import { z } from 'zod'
import { holdsScope } from '../data/space.ts'
import { operation, permits, resource } from '../declare/operation.ts'
import { Catalogue } from './catalogue.ts'
import { feature, hook, onHook } from './feature.ts'

const read = (name: string, route: 'GET /things' | 'GET /things/:thingId' = 'GET /things') =>
  operation({
    name,
    title: 'Look',
    description: 'Look.',
    effect: 'read',
    scope: 'things:read',
    route: route as 'GET /things',
    input: z.object({ thingId: z.string() }),
    output: z.object({}),
  })
const handled = (name: string) => ({ [name]: async () => ({}) })
const part = (name: string, more: object) => feature({ name, contract: {}, handlers: {}, ...more })

test('an inconsistent declaration is refused when the server starts, not at a call', () => {
  const [look, watch] = [read('look'), read('watch')]
  const build = (contract: object, handlers: object) => () => new Catalogue([part('things', { contract, handlers })])
  expect(build({ look }, {})).toThrow('things has no handler for look')
  expect(build({ look, watch }, { ...handled('look'), ...handled('watch') })).toThrow(
    'watch and look have the same route',
  )
  expect(
    build({ seen: resource({ uri: 'trek://things', title: 'Things', description: 'Things.', read: look }) }, {}),
  ).toThrow('reads look, which no feature has yet')
  expect(() => resource({ uri: 'trek://things/{other}', title: 'T', description: 'T.', read: look })).toThrow(
    '{other} is not an input of look',
  )
})

test('the declarations of a feature have the same order, in whatever order its contract lists them', () => {
  const [look, watch] = [read('look'), read('watch', 'GET /things/:thingId')]
  const handlers = { ...handled('look'), ...handled('watch') }
  const names = (contract: Record<string, unknown>) => [
    ...new Catalogue([part('things', { contract, handlers })]).operations.keys(),
  ]
  expect(names({ watch, look })).toEqual(names({ look, watch }))
})

test('the declarations of a feature come after those of features before it', () => {
  const [look, watch] = [read('look'), read('watch', 'GET /things/:thingId')]
  const ground = part('ground', { contract: { watch }, handlers: handled('watch') })
  const house = part('house', { contract: { look }, handlers: handled('look') })
  expect([...new Catalogue([ground, house]).operations.keys()]).toEqual(['watch', 'look'])
})

test('listeners run in the order of dependence, or in reverse if dependents go first', () => {
  const [built, torn] = [hook<object>('built'), hook<object>('torn', { dependentsFirst: true })]
  const listenersNamed = (name: string) => [built, torn].map((one) => onHook(one, async () => void name))
  const [ground, house] = [
    part('ground', { listeners: listenersNamed('ground') }),
    part('house', { listeners: listenersNamed('house') }),
  ]
  const catalogue = new Catalogue([ground, house])
  expect(catalogue.listenersOf(built)).toEqual([ground.listeners?.[0], house.listeners?.[0]])
  expect(catalogue.listenersOf(torn)).toEqual([house.listeners?.[1], ground.listeners?.[1]])
})

test.each([
  [['packing:write'], 'packing:read', true],
  [['packing:read'], 'packing:write', false],
  [['packing:read'], 'packing:read', true],
  [['journey:share'], 'journey:read', false],
  [[], 'trips:read', false],
])('the scopes %j include %s: %s', (granted, needed, isHeld) => {
  expect(holdsScope(new Set(granted), needed)).toBe(isHeld)
})

test.each([
  ['admin', false, 'owner', false],
  ['admin', true, null, true],
  ['owner', false, 'owner', true],
  ['owner', false, 'editor', false],
  ['owner', true, 'editor', true],
  ['member', false, 'editor', true],
  ['member', false, 'viewer', false],
  ['member', false, null, false],
  ['everybody', false, null, true],
] as const)('the level %s, for an administrator (%s) with the role %s: %s', (level, admin, role, allowed) => {
  expect(permits(level, { admin }, role)).toBe(allowed)
})
