import { randomFillSync, randomUUID } from 'node:crypto'
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '../src/db/connect.ts'
import { fileKeysIn } from '../src/db/file-keys.ts'
import { launchTrek } from '../test/harness/processes/trek.ts'
import { memoryOf, SERVER, stop } from './processes.ts'
import { openProduct } from './product.ts'

/**
 * The cost of a backup and a restore of a large instance: memory, time, and the longest wait of a reader meanwhile.
 * `node bench/backup.ts [gigabytes]` needs three times as much space on the disk.
 */
const GIGABYTES = Number(process.argv[2] ?? 5)
const FILE_MB = 8
const MB = 1024 * 1024

const folder = mkdtempSync(join(tmpdir(), 'trek-bench-'))
const dataDir = join(folder, 'data')
const { child, client } = await openProduct(SERVER, dataDir, { DATABASE_URL: '' })
await client.tool('create_trip', { title: 'Kyoto' })

const database = openDatabase(join(dataDir, 'trek.db'))
const record = fileKeysIn(database.kysely)
const bytes = Buffer.alloc(FILE_MB * MB)
for (let file = 0; file < (GIGABYTES * 1024) / FILE_MB; file++) {
  const key = randomUUID()
  await record.add(key)
  await record.wrote(key, bytes.length, null)
  // Random bytes do not compress, like photos.
  randomFillSync(bytes)
  const opened = openSync(join(dataDir, 'files', key), 'wx', 0o600)
  writeSync(opened, bytes)
  // Otherwise the disk would still write it while the readers are timed.
  fsyncSync(opened)
  closeSync(opened)
}
await database.close()

/** Reads again and again until `isOver`, and returns the longest wait in milliseconds. */
async function longestWait(isOver: () => boolean): Promise<number> {
  let longest = 0
  while (!isOver() && child.exitCode === null) {
    const asked = performance.now()
    await client.tool('list_trips', {})
    longest = Math.max(longest, performance.now() - asked)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  return longest
}

/** Prints a command's peak memory in megabytes, its time in seconds, and the longest wait of a reader in milliseconds. */
async function weighed(env: Record<string, string>, ...words: string[]) {
  const began = performance.now()
  const { child: command, ended } = launchTrek(env, ...words)
  let memory = 0
  let isOver = false
  const looking = setInterval(() => {
    memory = Math.max(memory, memoryOf(command))
  }, 20)
  const reading = longestWait(() => isOver)
  const { code, stderr } = await ended
  isOver = true
  clearInterval(looking)
  const waited = await reading
  if (code !== 0) throw new Error(stderr)
  const seconds = (performance.now() - began) / 1000
  console.log(
    `${words[0]}: at most ${memory} MB, ${seconds.toFixed(0)} s, ${((GIGABYTES * 1024) / seconds).toFixed(0)} MB a second; ` +
      `a reader waited at most ${waited.toFixed(0)} ms`,
  )
}

const until = performance.now() + 20_000
const idle = await longestWait(() => performance.now() > until)
console.log(`nothing for 20 s: a reader waited at most ${idle.toFixed(0)} ms`)

const env = { DATA_DIR: dataDir, DATABASE_URL: '' }
const backup = join(folder, 'backup.tar.zst')
await weighed(env, 'backup', backup)
console.log(`${(statSync(backup).size / MB).toFixed(0)} MB`)
await weighed(env, 'verify', backup)
await weighed({ ...env, DATA_DIR: join(folder, 'other') }, 'restore', backup)
rmSync(join(folder, 'other'), { recursive: true })
await weighed({ ...env, BACKUP_PASSPHRASE: 'correct horse battery' }, 'backup', `${backup}.age`)
client.close()
await stop(child)
rmSync(folder, { recursive: true })
