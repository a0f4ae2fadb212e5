import { networkInterfaces } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from 'pino'
import { whyNot } from './cannot-start.ts'
import { UsageError, type Values } from './cli/command.ts'
import { listOf, read } from './cli/reading.ts'
import { serveCommand } from './cli/serve.ts'
import { type Config, ignoredIn, isStartedByNpm, readConfig } from './config/index.ts'
import { commitAs } from './core/data/commit.ts'
import { onceAMinute } from './core/data/once-a-minute.ts'
import { INSTANCE } from './core/data/space.ts'
import { TrekError } from './core/declare/errors.ts'
import { endsWithin } from './core/run/deadline.ts'
import { setAddon } from './core/run/settings.ts'
import { makeDataFolder } from './data-folder.ts'
import { greeting } from './greeting.ts'
import { giveBack } from './memory.ts'
import { openProduct, type Product } from './product.ts'
import { startServer } from './server.ts'
import { createLog } from './transports/http/index.ts'

/** Runs the server until it is stopped. Returns an exit code if it cannot start. */
export async function serve(args: string[]): Promise<number | undefined> {
  let config: Config | undefined
  try {
    const { values } = read(serveCommand, args)
    // The reader of the output can go away; an unhandled error event would end the process.
    for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
    config = readConfig()
    const log = createLog(config.logLevel)
    for (const what of ignoredIn()) log.warn(what)
    const onError = inBackground(log)
    makeDataFolder(config)
    const product = await openProduct(config, {
      onError,
      log: (message, details) => log.info(details, message),
      server: {
        warn: (what) => log.warn(what),
        newInstance: isSet(values, 'new-instance'),
        newKey: isSet(values, 'new-key'),
        withoutBackup: isSet(values, 'without-backup'),
      },
    })
    await enable(product, listOf(values, 'enable'))
    const server = await startServer(product, log)
    // Before the start is announced: from then on, the server can be stopped.
    stopWhenTold(async () => {
      await endsWithin(7000, 'Closing the server', () => server.close(), onError)
      await product.close()
    })
    // Last, when nothing can prevent the password from being shown.
    const admin = await product.identity.firstAdmin().catch(async (error) => {
      await server.close()
      throw error
    })
    const assistants = await product.identity.assistantsOn()
    console.log(
      greeting({
        url: server.url,
        config,
        admin,
        assistants,
        byNpm: isStartedByNpm(),
        interfaces: networkInterfaces(),
      }).join('\n'),
    )
    // Releases source texts and loading memory; otherwise the process stays a third larger.
    giveBack()
    return undefined
  } catch (error) {
    console.error(`TREK cannot start. ${config ? whyNot(error, config) : (error as Error).message}`)
    return error instanceof UsageError ? 2 : 1
  }
}

const isSet = (values: Values, option: string): boolean => values[option] === true

/** Logs background errors: a bug with its stack, an unavailable database or disk once a minute. */
function inBackground(log: Logger): (error: unknown) => void {
  const lines = onceAMinute((what) => log.warn(what))
  return (error) => {
    const outage = [error, (error as Error | undefined)?.cause].find(isUnavailable)
    if (outage) lines.tell(`Something in the background has to wait: ${outage.message}.`)
    else log.error({ err: error }, 'something in the background failed')
  }
}

const isUnavailable = (error: unknown): error is TrekError => error instanceof TrekError && error.code === 'unavailable'

/** Turns on the add-ons named by `--enable`. */
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

/** The first signal stops gracefully; a second one stops at once. */
function stopWhenTold(close: () => Promise<void>): void {
  let stopping = false
  function stop(): void {
    stopping = true
    close().then(
      () => leave(0),
      (error) => {
        console.error(error)
        return leave(1)
      },
    )
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(1)
      stop()
    })
  }
  // A killed npm cannot pass the signal on, and the server would keep its port.
  if (!isStartedByNpm()) return
  const npm = process.ppid
  setInterval(() => {
    if (process.ppid !== npm && !stopping) stop()
  }, LOOK_FOR_NPM_MS).unref()
}

const LOOK_FOR_NPM_MS = 500

/** Ends the process even if an unresponsive disk blocks one of its threads, for which Node would wait. */
async function leave(code: number): Promise<never> {
  const waitsForDisk = () => process.getActiveResourcesInfo().some((what) => what.startsWith('FSReq'))
  const end = performance.now() + DISK_MS
  while (waitsForDisk() && performance.now() < end) await pause(20)
  if (waitsForDisk()) {
    console.error('A disk does not answer. The server ends without it.')
    process.kill(process.pid, 'SIGKILL')
  }
  process.exit(code)
}

const DISK_MS = 1000
