import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { embeddedServices } from '../../src/adapters/external-services.ts'
import type { Caller } from '../../src/core/data/space.ts'
import { Catalogue } from '../../src/core/run/catalogue.ts'
import type { Instruction } from '../../src/core/run/feature.ts'
import { barredBy } from '../../src/core/run/rights.ts'
import { SettingsView } from '../../src/core/run/settings.ts'
import { features } from '../../src/features/index.ts'
import { SCOPES } from '../../src/identity/contract/scopes.ts'
import { STATIC_NOTICE } from '../../src/identity/server/authenticator.ts'
import { MOST_BYTES, written } from '../../src/transports/mcp/instructions.ts'

const catalogue = new Catalogue(features(embeddedServices(tmpdir())))
const tools = new Set(
  [...catalogue.operations.values()]
    .filter(({ operation }) => operation.expose.includes('mcp'))
    .map(({ operation }) => operation.name),
)
const toolsIn = (text: string) => (text.match(/\b[a-z]+(_[a-z]+)+\b/g) ?? []).filter((word) => tools.has(word))

const settingsWith = (on: boolean) =>
  new SettingsView([...catalogue.addons.keys()].map((name) => ({ key: `addon.${name}`, value: on })))

function toldTo(scopes: Caller['scopes'], settings: SettingsView, notice: string | null = null): string {
  const may = ({ needs }: Instruction) => needs.every((operation) => barredBy(operation, { scopes }, settings) === null)
  return written(catalogue, may, notice)
}

test('the instructions fit into the limit of every client, the notice first', () => {
  const text = toldTo('all', settingsWith(true), STATIC_NOTICE)
  expect(text.startsWith(STATIC_NOTICE)).toBe(true)
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MOST_BYTES)
})

test.each([...SCOPES.map(({ scope }) => scope), 'none'])(
  'with the scope %s the instructions name no tool that cannot be called',
  (scope) => {
    for (const on of [true, false]) {
      const settings = settingsWith(on)
      const scopes = new Set([scope])
      const callable = [...catalogue.operations.values()]
        .map(({ operation }) => operation)
        .filter((operation) => barredBy(operation, { scopes }, settings) === null)
      const names = new Set(callable.map(({ name }) => name))
      expect(toolsIn(toldTo(scopes, settings)).filter((tool) => !names.has(tool))).toEqual([])
    }
  },
)

test('the instructions do not mention add-ons that are off', () => {
  const [on, off] = [toldTo('all', settingsWith(true)), toldTo('all', settingsWith(false))]
  expect(on).toContain('A budget item is')
  expect(off).not.toContain('A budget item is')
})
