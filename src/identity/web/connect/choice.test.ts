import { expect, test } from 'vitest'
import { type AskedScope, groupsOf, type ScopeGroup, ticked, usualChoice, withGroup, withTick } from './choice.ts'

const scopesNamed = (...names: string[]): AskedScope[] =>
  names.map((scope) => ({ scope, group: scope.split(':')[0] ?? '', label: scope, tools: [] }))

test('scopes stand in groups, in the order in which they were asked for', () => {
  const groups = groupsOf(scopesNamed('trips:read', 'trips:write', 'geo:read'))
  expect(groups.map(({ name, scopes }) => [name, scopes.length])).toEqual([
    ['trips', 2],
    ['geo', 1],
  ])
})

test('everything is ticked but deleting for good', () => {
  expect([...usualChoice(scopesNamed('trips:read', 'trips:delete', 'geo:read'))]).toEqual(['trips:read', 'geo:read'])
})

test('deleting for good is ticked where nothing else is asked for', () => {
  expect([...usualChoice(scopesNamed('trips:delete'))]).toEqual(['trips:delete'])
})

const trips = groupsOf(scopesNamed('trips:read', 'trips:write', 'trips:delete'))[0] as ScopeGroup

test('a group is ticked wholly, partly or not at all; deleting for good is no part of the whole', () => {
  expect(ticked(trips, new Set(['geo:read']))).toBe('none')
  expect(ticked(trips, new Set(['trips:write', 'geo:read']))).toBe('some')
  expect(ticked(trips, new Set(['trips:delete']))).toBe('some')
  expect(ticked(trips, new Set(['trips:write', 'trips:read']))).toBe('all')
})

test('ticking changes what it is about and nothing else', () => {
  const chosen = new Set(['geo:read'])
  expect([...withTick(chosen, 'trips:read', true)]).toEqual(['geo:read', 'trips:read'])
  expect([...withTick(chosen, 'geo:read', false)]).toEqual([])
  expect([...chosen]).toEqual(['geo:read'])
})

test('ticking a group never ticks deleting for good; unticking it takes that away too', () => {
  expect([...withGroup(new Set(), trips, true)]).toEqual(['trips:read', 'trips:write'])
  expect([...withGroup(new Set(['trips:delete']), trips, true)]).toContain('trips:delete')
  expect([...withGroup(new Set(['geo:read', 'trips:read', 'trips:delete']), trips, false)]).toEqual(['geo:read'])
})
