import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eachDatabase } from '../harness/database/databases.ts'
import { everyOperation } from '../harness/operations.ts'
import { type Person, type Running, startRunning } from '../harness/rigs/running.ts'

/** Programs that connect assistants, other than the official client that the other tests use. */

const bin = (name: string) => new URL(`../../node_modules/.bin/${name}`, import.meta.url).pathname
const run = promisify(execFile)
const tools = everyOperation.filter(({ operation }) => operation.expose.includes('mcp')).length

eachDatabase((_, place) => {
  let running: Running
  let ana: Person
  let home: string
  beforeAll(async () => {
    running = await startRunning(place().target)
    ana = await running.person('Ana')
    home = mkdtempSync(join(tmpdir(), 'trek-clients-'))
  })
  afterAll(async () => {
    await running.close()
    rmSync(home, { recursive: true })
  })

  /** Plans a little over this transport, as an assistant would. */
  async function planOver(transport: Transport): Promise<void> {
    const client = new Client({ name: 'Somebody’s assistant', version: '1.0' })
    await client.connect(transport)
    try {
      expect((await client.listTools()).tools).toHaveLength(tools)
      const result = await client.callTool({ name: 'create_trip', arguments: { title: 'Kyoto' } })
      const { trip } = result.structuredContent as { trip: { id: number } }
      const read = await client.readResource({ uri: `trek://trips/${trip.id}` })
      expect(JSON.stringify(read.contents)).toContain('Kyoto')
      const { messages } = await client.getPrompt({ name: 'trip-summary', arguments: { tripId: String(trip.id) } })
      expect(JSON.stringify(messages)).toContain('Kyoto')
      const refused = await client.callTool({ name: 'create_place', arguments: { tripId: trip.id } })
      expect(refused).toMatchObject({ isError: true })
    } finally {
      await client.close()
    }
  }

  const authorization = () => `Bearer ${ana.token}`

  test('the first generation of the official client', async () => {
    const headers = { authorization: authorization() }
    await planOver(
      new StreamableHTTPClientTransport(new URL(`${running.url}/mcp`), { requestInit: { headers } }) as Transport,
    )
  })

  test('mcp-remote, which connects assistants that speak stdio', { timeout: 60_000 }, async () => {
    const args = [
      `${running.url}/mcp`,
      '--header',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the program fills it in from its environment
      'Authorization:${TOKEN}',
      '--transport',
      'http-only',
      '--allow-http',
    ]
    const env = { ...process.env, TOKEN: authorization(), MCP_REMOTE_CONFIG_DIR: home } as Record<string, string>
    await planOver(new StdioClientTransport({ command: bin('mcp-remote'), args, env, stderr: 'ignore' }))
  })

  test('the command line of the MCP Inspector, which accepts every schema', {
    timeout: 60_000,
  }, async () => {
    const inspect = async (...args: string[]) => {
      const target = [
        '--cli',
        `${running.url}/mcp`,
        '--transport',
        'http',
        '--header',
        `Authorization: ${authorization()}`,
      ]
      const { stdout, stderr } = await run(bin('mcp-inspector'), [...target, ...args], {
        env: { ...process.env, HOME: home, MCP_CATALOG_PATH: join(home, 'mcp.json') },
        maxBuffer: 64 * 1024 * 1024,
      })
      return { answer: JSON.parse(stdout), stderr }
    }
    const toolList = await inspect('--method', 'tools/list', '--strict')
    expect(toolList.answer.tools).toHaveLength(tools)
    // It fails if it cannot use a schema. Its other issues concern `type: [..., 'null']`, which is half as long as the
    // alternative.
    const issues = toolList.stderr.split('\n').filter((line) => line.trim().startsWith('Issue:'))
    expect(issues.filter((issue) => !issue.includes('`type` is an array'))).toEqual([])
    const called = await inspect('--method', 'tools/call', '--tool-name', 'create_trip', '--tool-arg', 'title=Kyoto')
    expect(called.answer.structuredContent.trip.title).toBe('Kyoto')
    const read = await inspect('--method', 'resources/read', '--uri', 'trek://trips')
    expect(JSON.stringify(read.answer)).toContain('Kyoto')
  })
})
