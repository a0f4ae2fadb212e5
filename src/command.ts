import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { whyNot } from './cannot-start.ts'
import { type Config, readConfig } from './config.ts'
import { commitAs } from './core/data/commit.ts'
import { INSTANCE } from './core/data/space.ts'
import { endsWithin } from './core/run/deadline.ts'
import { setAddon } from './core/run/settings.ts'
import { openProduct, type Product } from './product.ts'
import { startServer } from './server.ts'
import { createLog } from './transports/http/index.ts'

/** The first word says what to do: `serve`, or anything the command line knows. Gives the exit code; none while it serves. */
export async function run(args: string[]): Promise<number | undefined> {
  const [word, ...rest] = args
  if (word === 'serve') return serve(rest)
  // Loaded only when it is wanted: the server starts sooner without it.
  const { runCli } = await import('./cli/index.ts')
  return runCli(args, openProduct)
}

/** Runs the server until it is told to stop. */
async function serve(args: string[]): Promise<number | undefined> {
  let config: Config | undefined
  try {
    const { values } = parseArgs({
      args,
      options: {
        enable: { type: 'string', multiple: true, default: [] },
        'new-instance': { type: 'boolean', default: false },
        'new-key': { type: 'boolean', default: false },
      },
    })
    // Whoever reads what is printed may go away; an error without a listener would end the process.
    for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
    config = readConfig()
    const log = createLog(config.logLevel)
    const failed = (error: unknown) => log.error({ err: error }, 'something in the background failed')
    const product = await openProduct(config, {
      failed,
      log: (message, details) => log.info(details, message),
      server: {
        told: (what) => log.warn(what),
        newInstance: values['new-instance'],
        newKey: values['new-key'],
      },
    })
    await enable(product, values.enable)
    const server = await startServer(product, log)
    // Before anybody is told that it runs, and may stop it.
    stopOnSignal(async () => {
      await endsWithin(7000, 'Closing the server', () => server.close(), failed)
      await product.close()
    })
    // Only now, when nothing can keep the password from being shown.
    const admin = await product.identity.firstAdmin().catch(async (error) => {
      await server.close()
      throw error
    })
    greet(server.url, config, admin, await product.identity.assistantsOn())
    leaveTheStartBehind()
    return undefined
  } catch (error) {
    console.error(`TREK cannot start. ${config ? whyNot(error, config) : (error as Error).message}`)
    return 1
  }
}

/** Switches add-ons on, as `--enable NAME` asks. */
async function enable({ pipeline, database }: Product, names: readonly string[]): Promise<void> {
  const { addons } = pipeline.parts.catalogue
  for (const name of names) {
    const addon = addons.get(name)
    if (!addon)
      throw new Error(`--enable ${name}: there is no such add-on; there are ${[...addons.keys()].join(', ')}.`)
    const author = { user_id: 0, name: '', way: 'cli', client: null, grant: null, operation: 'serve' } as const
    await commitAs({ database, feed: pipeline.parts.feed }, INSTANCE, author, (tx) => setAddon(tx, addon, true))
  }
}

type Admin = Awaited<ReturnType<Product['identity']['firstAdmin']>>

/** Says where the server is, who may log in first, and how an assistant gets in. */
function greet(url: string, { appUrl, host, allowedHosts }: Config, admin: Admin, assistants: boolean): void {
  const open = appUrl ?? url
  const lines = [
    '',
    `  TREK is running: ${open}`,
    ...(admin
      ? [
          '',
          '  The first administrator (shown only now):',
          `    user name  ${admin.username}`,
          `    e-mail     ${admin.email}`,
          `    password   ${admin.password ?? 'the one in ADMIN_PASSWORD'}`,
        ]
      : []),
    '',
    ...(assistants
      ? [`  Assistants connect to ${open}/mcp`, '  Give them this address, and say yes in the browser.']
      : ['  Assistants cannot connect yet: npm run -s trek -- addon enable mcp']),
    ...(appUrl ? [] : ['', `  ${whoReaches(host, allowedHosts)}`]),
    '',
  ]
  console.log(lines.join('\n'))
}

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || host.startsWith('127.')

/** Says who can reach a server without APP_URL: it answers only to certain host names. */
function whoReaches(host: string, names: readonly string[]): string {
  if (isLoopback(host)) return 'APP_URL is not set, so only this machine can reach the server.'
  const known = ['localhost', ...names].join(', ')
  return `APP_URL is not set, so the server answers to ${known} alone. Set it to the address that people open.`
}

/**
 * Gives the memory back that only the start needed: source texts, and the room that loading took. Without it the process
 * stays a third larger for as long as it runs.
 */
function leaveTheStartBehind(): void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as (how: object) => void
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' })
}

/** The first signal stops in good order; a second one stops at once. */
function stopOnSignal(stop: () => Promise<void>): void {
  let stopping = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(1)
      stopping = true
      stop().then(
        () => process.exit(0),
        (error) => {
          console.error(error)
          process.exit(1)
        },
      )
    })
  }
}
