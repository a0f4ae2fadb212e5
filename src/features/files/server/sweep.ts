import { inBatches } from '../../../core/data/batches.ts'
import type { FileStore, KeptBytes } from '../../../core/data/files.ts'
import { DELETED_KEPT_DAYS, deletedKeptSince, deletedKeptUntil } from '../../../core/declare/retention.ts'
import type { Job, JobScene } from '../../../core/run/feature.ts'
import { list_unused_keys } from '../contract/index.ts'

const HOUR = 3600
/** A new file may be about to get its row. */
const SAFE_FOR_MS = HOUR * 1000
const AT_ONCE = 200

/**
 * Moves the remains of deleted files, replaced covers and aborted uploads into quarantine, and deletes them there after
 * 30 days. Files that this database has never known belong to somebody else and stay.
 */
export const sweep = (store: FileStore): Job => ({
  name: 'sweep files that nobody refers to',
  everySeconds: HOUR,
  // Leaves time to notice a start with the wrong database or folder.
  firstAfterSeconds: HOUR,
  byAge: true,
  async run(scene) {
    // In this order: a file can get its row between the query and its move. The second pass queries again and brings it
    // back; a row that comes later still finds the file when it is read, and at the pass an hour later.
    const unknown = (await sweepKept(store, scene)) + (await sweepQuarantine(store, scene))
    if (!unknown) return
    scene.log(
      'The upload folder holds files that this database has never known. They are left alone. An administrator who knows that nobody needs them can move them away by hand: see docs/files.md',
      { count: unknown },
    )
  },
})

/** Moves files without a row into quarantine; returns how many files are not known. */
async function sweepKept(store: FileStore, scene: JobScene): Promise<number> {
  const { now, log } = scene
  let unknown = 0
  for await (const some of inBatches(before(now.getTime() - SAFE_FOR_MS, store.keys()), AT_ONCE)) {
    const known = await knownAmong(store, some)
    unknown += some.length - known.length
    const unused = await unusedAmong(scene, known)
    for (const { key, size, since } of known) {
      if (!unused.has(key) || !(await store.quarantine(key, now))) continue
      log('A file that no row refers to was moved into quarantine', {
        key,
        bytes: size,
        age_hours: Math.floor((now.getTime() - since) / 1000 / HOUR),
        delete_after: deletedKeptUntil(now),
      })
    }
  }
  return unknown
}

/** Restores files that a row refers to again, and deletes those past their time; returns how many are not known. */
async function sweepQuarantine(store: FileStore, scene: JobScene): Promise<number> {
  const { now, log } = scene
  let unknown = 0
  for await (const some of inBatches(store.quarantined(), AT_ONCE)) {
    const known = await knownAmong(store, some)
    unknown += some.length - known.length
    const unused = await unusedAmong(scene, known)
    for (const { key, size, since } of known) {
      if (!unused.has(key)) {
        if (!(await store.bringBack(key))) continue
        log('A file was brought back from quarantine, because a row refers to it again', { key, bytes: size })
      } else if (new Date(since).toISOString() <= deletedKeptSince(now)) {
        // A deletion cannot be undone, and the answer for the whole batch may be seconds old.
        if (!(await unusedAmong(scene, [{ key }])).has(key) || !(await store.deleteQuarantined(key))) continue
        log(`A file was deleted for good after ${DELETED_KEPT_DAYS} days in quarantine`, {
          key,
          bytes: size,
          quarantined_at: new Date(since).toISOString(),
        })
      }
    }
  }
  return unknown
}

/** Queried after the listing: a key is recorded before its first byte, so no file of ours can be missing. */
async function knownAmong(store: FileStore, files: readonly KeptBytes[]): Promise<KeptBytes[]> {
  const known = await store.known(files.map(({ key }) => key))
  return files.filter(({ key }) => known.has(key))
}

async function unusedAmong({ run }: JobScene, files: readonly { key: string }[]): Promise<ReadonlySet<string>> {
  if (!files.length) return new Set()
  return new Set((await run(list_unused_keys, { keys: files.map(({ key }) => key) })).keys)
}

async function* before(moment: number, files: AsyncIterable<KeptBytes>): AsyncGenerator<KeptBytes> {
  for await (const file of files) if (file.since <= moment) yield file
}
