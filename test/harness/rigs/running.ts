import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DestinationStream } from 'pino'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { Client } from '../../../bench/client.ts'
import { type Environment, readConfig } from '../../../src/config/index.ts'
import type { Caller } from '../../../src/core/data/space.ts'
import { INSTANCE } from '../../../src/core/data/space.ts'
import { setAddon } from '../../../src/core/run/settings.ts'
import { create_user } from '../../../src/features/admin/contract/index.ts'
import { create_static_token } from '../../../src/identity/contract/index.ts'
import type { Passwords } from '../../../src/identity/server/index.ts'
import { openProduct } from '../../../src/product.ts'
import { startServer } from '../../../src/server.ts'
import { createLog } from '../../../src/transports/http/index.ts'
import { mcpAddon } from '../../../src/transports/mcp/addon.ts'
import { ENGINES, type Place } from '../database/databases.ts'
import { commandLine, PASSWORD } from './accounts.ts'
import { quickPasswords } from './passwords.ts'

let people = 0

export interface Conditions {
  /** The clock of identity and operations. */
  readonly clock?: () => Date
  /** Receives the log of the server, line by line; standard output by default. */
  readonly log?: DestinationStream
  /** How passwords are hashed; use `scrypt` if other processes must be able to check them. */
  readonly passwords?: Passwords
}

/** Starts the whole server on its own port, with all transports. */
export async function startRunning(
  target: string,
  more: Environment = {},
  { clock, log, passwords = quickPasswords }: Conditions = {},
) {
  const dataDir = mkdtempSync(join(tmpdir(), 'trek-running-'))
  const env = {
    DATA_DIR: dataDir,
    ENCRYPTION_KEY: '5e'.repeat(32),
    PORT: '0',
    MCP_RATE_LIMIT: '1000000',
    LOG_LEVEL: 'error',
    ...more,
  }
  const config = { ...readConfig(env), database: target }
  const failures: unknown[] = []
  const onError = (error: unknown) => void failures.push(error)
  const product = await openProduct(config, {
    onError,
    checkOutput: true,
    passwords,
    server: { warn: (warning) => void failures.push(warning), newInstance: false },
    ...(clock && { clock }),
  })
  await product.database.write(INSTANCE, (tx) => setAddon(tx, mcpAddon, true))
  await product.database.notifier.publish('instance:0')
  const server = await startServer(product, createLog(config.logLevel, log))
  const port = Number(new URL(server.url).port)

  /** Creates a person with an account, a caller, and an assistant with a token. */
  async function person(name: string, role: 'admin' | 'user' = 'user') {
    const username = `${name.toLowerCase()}${++people}`
    const account = { username, name, email: `${username}@example.org`, password: PASSWORD, role }
    const { user } = await product.pipeline.run(create_user, account, commandLine)
    const caller: Caller = { ...commandLine, userId: user.id, name, admin: role === 'admin', way: 'rest' }
    const { token } = await product.pipeline.run(create_static_token, { name: 'laptop' }, { ...caller, way: 'cli' })
    const assistant = new Client(port, token)
    await assistant.handshake()
    return { ...account, caller, token, assistant }
  }

  return {
    ...product,
    server,
    port,
    url: server.url,
    failures,
    person,
    async close() {
      await server.close()
      await product.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

export type Running = Awaited<ReturnType<typeof startRunning>>

/** A person with an account on a running server. */
export type Person = Awaited<ReturnType<Running['person']>>

/** Runs a suite against a whole server on each engine, and asserts that nothing failed in the background. */
export function eachRunning(
  suite: (running: () => Running) => void,
  env: Environment = {},
  conditions: Conditions = {},
): void {
  for (const { engine } of ENGINES) runningOn(engine, suite, env, conditions)
}

/** The same on one engine. */
export function runningOn(
  engine: (typeof ENGINES)[number]['engine'],
  suite: (running: () => Running) => void,
  env: Environment = {},
  conditions: Conditions = {},
): void {
  describe.each(ENGINES.filter((one) => one.engine === engine))('on $engine', ({ place: find }) => {
    let place: Place
    let running: Running
    beforeAll(async () => {
      place = await find({ migrated: true })
      running = await startRunning(place.target, env, conditions)
    })
    afterAll(async () => {
      await running.close()
      await place.remove()
      expect(running.failures).toEqual([])
    })
    suite(() => running)
  })
}
