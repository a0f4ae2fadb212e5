import { readFileSync } from 'node:fs'
import { getEncoding } from 'js-tiktoken'
import { expect, test } from 'vitest'
import { definitionOf } from '../../src/transports/mcp/tools.ts'
import { everyOperation } from '../harness/operations.ts'

const published = JSON.parse(readFileSync(new URL('../../docs/contract/mcp-tools.json', import.meta.url), 'utf8')) as {
  tools: unknown[]
}

/** What the list of all published tools may cost, in tokens of cl100k, without output schemas. */
const ALLOWANCE = 26_000
/** What is kept for each published tool that is not built yet; those that are left take few arguments. */
const KEPT_FOR_EACH_MISSING = 100

test('the list of tools leaves room in the allowance for those that are still missing', () => {
  const encoding = getEncoding('cl100k_base')
  const costOf = (value: unknown) => encoding.encode(JSON.stringify(value)).length
  const tools = everyOperation
    .filter(({ operation }) => operation.ways.includes('mcp'))
    .map(({ operation }) => {
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
  const missing = published.tools.length - tools.length
  expect(tokens).toBeLessThanOrEqual(ALLOWANCE - missing * KEPT_FOR_EACH_MISSING)
})
