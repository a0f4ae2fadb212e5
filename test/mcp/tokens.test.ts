import { readFileSync } from 'node:fs'
import { getEncoding } from 'js-tiktoken'
import { expect, test } from 'vitest'
import type { AnyOperation } from '../../src/core/declare/operation.ts'
import { definitionOf } from '../../src/transports/mcp/tools.ts'
import { everyOperation } from '../harness/operations.ts'

const contract = (file: string) =>
  (
    JSON.parse(readFileSync(new URL(`../../docs/contract/${file}`, import.meta.url), 'utf8')) as {
      tools: { name: string }[]
    }
  ).tools.map(({ name }) => name)
const published = new Set(contract('mcp-tools.json'))
const own = new Set(contract('own-tools.json'))

/** The allowance for the list of all published tools, in tokens of cl100k, without output schemas. */
const ALLOWANCE = 26_500
/** The allowance kept for each published tool that is not built yet; the remaining ones take few arguments. */
const KEPT_FOR_EACH_MISSING = 100
/** The allowance for tools of our own: their number, and their tokens. */
const OWN = { tools: 20, tokens: 3_500 }

const encoding = getEncoding('cl100k_base')
const costOf = (value: unknown) => encoding.encode(JSON.stringify(value)).length

/** The tools with these names as a client gets them, with their number and cost. */
function rowsOfTokens(names: ReadonlySet<string>) {
  const tools = everyOperation
    .map(({ operation }): AnyOperation => operation)
    .filter((operation) => operation.expose.includes('mcp') && names.has(operation.name))
    .map((operation) => {
      const { outputSchema: _, ...definition } = definitionOf(operation)
      return definition
    })
  const tokens = costOf(tools)
  const dearest = tools
    .map((tool) => ({ name: tool.name, tokens: costOf(tool) }))
    .sort((a, b) => b.tokens - a.tokens)
    .slice(0, 8)
  console.log(
    `tools/list: ${tools.length} tools, ${tokens} tokens, ${Buffer.byteLength(JSON.stringify(tools))} bytes;`,
    `dearest: ${dearest.map((tool) => `${tool.name} ${tool.tokens}`).join(', ')}`,
  )
  return { count: tools.length, tokens }
}

test('the list of tools leaves room in the allowance for the missing ones', () => {
  const { count, tokens } = rowsOfTokens(published)
  const missing = published.size - count
  expect(tokens).toBeLessThanOrEqual(ALLOWANCE - missing * KEPT_FOR_EACH_MISSING)
})

test('our own tools are few and need few tokens', () => {
  const { count, tokens } = rowsOfTokens(own)
  expect(count).toBe(own.size)
  expect(count).toBeLessThanOrEqual(OWN.tools)
  expect(tokens).toBeLessThanOrEqual(OWN.tokens)
})
