import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll } from 'vitest'
import { TrekError } from '../../../src/core/declare/errors.ts'
import { type OpenDatabase, openDatabase } from '../../../src/db/connect.ts'
import { migrate } from '../../../src/db/migrate.ts'
import { MIGRATIONS } from '../../../src/migrations.generated.ts'
import type { Deadlines } from '../../../src/transports/http/deadlines.ts'
import { createHttp, createLog } from '../../../src/transports/http/index.ts'
import { testMessage } from '../error-texts.ts'

/** A server with routes that answer and fail in known ways, and with a web app of three files. */
export class HttpRig {
  folder = ''
  base = ''
  database!: OpenDatabase
  app!: FastifyInstance
  /** Its log lines. */
  readonly lines: string[] = []

  readonly #deadlines: Partial<Deadlines>
  readonly #appUrl: string

  constructor(deadlines: Partial<Deadlines>, appUrl: string) {
    this.#deadlines = deadlines
    this.#appUrl = appUrl
  }

  /** Starts a server before the suite and stops it afterwards. */
  static use(deadlines: Partial<Deadlines> = {}, appUrl = 'https://trek.example.org'): HttpRig {
    const rig = new HttpRig(deadlines, appUrl)
    beforeAll(() => rig.#start())
    afterAll(() => rig.#stop())
    return rig
  }

  #more: (app: FastifyInstance) => void = () => {}

  /** Adds routes before the server starts. */
  routes(add: (app: FastifyInstance) => void): void {
    this.#more = add
  }

  async #start(): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), 'trek-http-'))
    this.folder = folder
    mkdirSync(join(folder, 'web', 'assets'), { recursive: true })
    writeFileSync(
      join(folder, 'web', 'index.html'),
      '<!doctype html><head><title>TREK</title><link rel="icon" href="/icon.svg" /></head>',
    )
    writeFileSync(join(folder, 'web', 'assets', 'app-Ab12.js'), `export const big = '${'x'.repeat(20_000)}'`)
    writeFileSync(join(folder, 'web', 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
    this.database = openDatabase(join(folder, 'trek.db'))
    await migrate(this.database, MIGRATIONS)
    const sink = new Writable({
      write: (chunk, _encoding, done) => {
        this.lines.push(chunk.toString())
        done()
      },
    })
    const app = await createHttp({
      log: createLog('debug', sink),
      database: this.database,
      appUrl: this.#appUrl,
      allowedHosts: ['trek.lan', 'other.lan:8080'],
      trustProxy: false,
      web: join(folder, 'web'),
      deadlines: this.#deadlines,
    })
    app.get('/api/echo', async (request) => ({ query: request.query }))
    app.post('/api/echo', async (request) => ({ body: request.body ?? null }))
    app.post('/api/short', { bodyLimit: 2048 }, async () => ({}))
    app.get('/api/things/:id', async () => ({ big: 'y'.repeat(10_000) }))
    app.post('/api/open', { config: { anyOrigin: true } }, async () => ({}))
    app.get('/mcp', async () => ({}))
    app.get('/api/bug', async () => {
      throw new Error('the pass phrase is swordfish')
    })
    app.get('/api/slow-down', async () => {
      throw new TrekError('rate_limited', testMessage('Slower, please', 'Wait.'), { retryAfter: 6.2 })
    })
    app.get('/api/who', async () => {
      throw new TrekError('unauthenticated', testMessage('Log in first'))
    })
    this.#more(app)
    this.base = await app.listen({ port: 0, host: '127.0.0.1' })
    this.app = app
  }

  async #stop(): Promise<void> {
    await this.app.close()
    await this.database.close()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** A request that posts JSON. */
export const json = (body: string, more: RequestInit = {}): RequestInit => ({
  method: 'POST',
  body,
  ...more,
  headers: { 'content-type': 'application/json', ...more.headers },
})
