import { chmodSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { until } from '../until.ts'
import type { Using } from './assistants.ts'

/** The commands that programs use to open a browser, on all common systems. */
const OPENERS = ['open', 'xdg-open', 'gio', 'x-www-browser', 'sensible-browser', 'browser']

/** The home folder of a user of mcp-remote. It opens no browser, but records the addresses. */
export function makeHome() {
  const folder = mkdtempSync(join(tmpdir(), 'trek-home-'))
  const bin = join(folder, 'bin')
  const openedFile = join(folder, 'opened')
  mkdirSync(bin)
  for (const name of OPENERS) {
    writeFileSync(join(bin, name), `#!/bin/sh\nfor last; do :; done\necho "$last" >> '${openedFile}'\n`)
    chmodSync(join(bin, name), 0o755)
  }
  const addresses = () => (existsSync(openedFile) ? readFileSync(openedFile, 'utf8').trim().split('\n') : [])
  let addressesRead = 0
  return {
    folder,
    env: {
      HOME: folder,
      PATH: [bin, process.env.PATH].join(delimiter),
      BROWSER: join(bin, 'browser'),
    },
    /** The next address that mcp-remote asked to open. */
    nextOpened: async () => {
      const url = await until(() => addresses()[addressesRead], 30_000, 'mcp-remote opened a browser')
      addressesRead++
      return url
    },
    /** Makes the access token in this home expire now, as an hour does. */
    expireTokens(): void {
      const [tokenFile] = globSync('.mcp-auth/**/*tokens.json', { cwd: folder })
      if (!tokenFile) throw new Error('No program in this home has tokens')
      const file = join(folder, tokenFile)
      writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), expires_at: Date.now() }))
    },
    /** How often a browser was to be opened. */
    timesOpened: () => addresses().length,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

export type Home = ReturnType<typeof makeHome>

const MCP_REMOTE = new URL('../../../node_modules/.bin/mcp-remote', import.meta.url).pathname

/** An assistant over stdio, with mcp-remote between it and the server. */
export function startRemote(url: string, home: Home, ...more: string[]) {
  const transport = new StdioClientTransport({
    command: MCP_REMOTE,
    args: [`${url}/mcp`, '--auth-timeout', '60', ...more],
    env: home.env,
    stderr: 'pipe',
  })
  let output = ''
  transport.stderr?.on('data', (chunk: Buffer) => {
    output += chunk
  })
  const client = new Client({ name: 'Desktop Assistant', version: '1.0' })
  return {
    client: client as unknown as Using & Pick<Client, 'setNotificationHandler' | 'subscribeResource'>,
    /** Its standard error output so far. */
    said: () => output,
    /** Resolves when the assistant is connected, which can need a person. */
    connected: client.connect(transport, { timeout: 60_000 }),
    close: () => client.close(),
  }
}

export type Remote = ReturnType<typeof startRemote>
