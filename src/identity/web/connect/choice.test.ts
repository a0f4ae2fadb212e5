import { expect, test } from 'vitest'
import { type AskedScope, groupsOf, type ScopeGroup, ticked, usualChoice, withGroup, withTick } from './choice.ts'

const scopesNamed = (...names: string[]): AskedScope[] =>
  names.map((scope) => ({ scope, group: scope.split(':')[0] ?? '', label: scope, tools: [] }))

test('scopes are grouped, in the order of the request', () => {
  const groups = groupsOf(scopesNamed('trips:read', 'trips:write', 'geo:read'))
  expect(groups.map(({ name, scopes }) => [name, scopes.length])).toEqual([
    ['trips', 2],
    ['geo', 1],
  ])
})

test('everything but permanent deletion is ticked', () => {
  expect([...usualChoice(scopesNamed('trips:read', 'trips:delete', 'geo:read'))]).toEqual(['trips:read', 'geo:read'])
})

test('permanent deletion is ticked if nothing else is requested', () => {
  expect([...usualChoice(scopesNamed('trips:delete'))]).toEqual(['trips:delete'])
})

const trips = groupsOf(scopesNamed('trips:read', 'trips:write', 'trips:delete'))[0] as ScopeGroup

test('a group is ticked fully, partly or not at all, without counting permanent deletion', () => {
  expect(ticked(trips, new Set(['geo:read']))).toBe('none')
  expect(ticked(trips, new Set(['trips:write', 'geo:read']))).toBe('some')
  expect(ticked(trips, new Set(['trips:delete']))).toBe('some')
  expect(ticked(trips, new Set(['trips:write', 'trips:read']))).toBe('all')
})

test('ticking a scope changes nothing else', () => {
  const chosen = new Set(['geo:read'])
  expect([...withTick(chosen, 'trips:read', true)]).toEqual(['geo:read', 'trips:read'])
  expect([...withTick(chosen, 'geo:read', false)]).toEqual([])
  expect([...chosen]).toEqual(['geo:read'])
})

test('ticking a group never ticks permanent deletion; unticking it unticks that too', () => {
  expect([...withGroup(new Set(), trips, true)]).toEqual(['trips:read', 'trips:write'])
  expect([...withGroup(new Set(['trips:delete']), trips, true)]).toContain('trips:delete')
  expect([...withGroup(new Set(['geo:read', 'trips:read', 'trips:delete']), trips, false)]).toEqual(['geo:read'])
})
