import { chmodSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { until } from '../until.ts'
import type { Using } from './assistants.ts'

/** What programs start to open a browser, on the systems that people run them on. */
const OPENERS = ['open', 'xdg-open', 'gio', 'x-www-browser', 'sensible-browser', 'browser']

/** The home of somebody who uses mcp-remote. Nothing opens there: what was to be opened is written down. */
export function makeHome() {
  const folder = mkdtempSync(join(tmpdir(), 'trek-home-'))
  const bin = join(folder, 'bin')
  const opened = join(folder, 'opened')
  mkdirSync(bin)
  for (const name of OPENERS) {
    writeFileSync(join(bin, name), `#!/bin/sh\nfor last; do :; done\necho "$last" >> '${opened}'\n`)
    chmodSync(join(bin, name), 0o755)
  }
  const addresses = () => (existsSync(opened) ? readFileSync(opened, 'utf8').trim().split('\n') : [])
  let seen = 0
  return {
    folder,
    env: {
      HOME: folder,
      PATH: [bin, process.env.PATH].join(delimiter),
      BROWSER: join(bin, 'browser'),
    },
    /** What is to be opened next. */
    nextOpened: async () => {
      const url = await until(() => addresses()[seen], 30_000, 'mcp-remote opened a browser')
      seen++
      return url
    },
    /** As an hour later, for every program in this home: the access token is about to expire. */
    expireTokens(): void {
      const [kept] = globSync('.mcp-auth/**/*tokens.json', { cwd: folder })
      if (!kept) throw new Error('Nobody in this home has tokens')
      const file = join(folder, kept)
      writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), expires_at: Date.now() }))
    },
    /** How often a browser was opened. */
    timesOpened: () => addresses().length,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

export type Home = ReturnType<typeof makeHome>

const MCP_REMOTE = new URL('../../../node_modules/.bin/mcp-remote', import.meta.url).pathname

/** An assistant that speaks over pipes, with mcp-remote between it and the server. */
export function startRemote(url: string, home: Home, ...more: string[]) {
  const transport = new StdioClientTransport({
    command: MCP_REMOTE,
    args: [`${url}/mcp`, '--auth-timeout', '60', ...more],
    env: home.env,
    stderr: 'pipe',
  })
  let said = ''
  transport.stderr?.on('data', (chunk: Buffer) => {
    said += chunk
  })
  const client = new Client({ name: 'Desktop Assistant', version: '1.0' })
  return {
    client: client as unknown as Using & Pick<Client, 'setNotificationHandler' | 'subscribeResource'>,
    /** What it told on its standard error output. */
    said: () => said,
    /** Resolves when the assistant is in; a person may be needed for that. */
    connected: client.connect(transport, { timeout: 60_000 }),
    close: () => client.close(),
  }
}

export type Remote = ReturnType<typeof startRemote>
