import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import type { OpenDatabase } from '../db/connect.ts'
import { contentsOf, tableNames } from '../db/transfer.ts'
import { readArchive, textOf } from './archive.ts'
import type { BackupsPlace } from './backups-place.ts'
import { MANIFEST, type Manifest, manifestOfAny } from './manifest.ts'

/** Backups before updates, in a folder of their own. */

/** The newest that are kept, and the newest of as many versions of the database. */
const KEPT = 3

/** A fingerprint of all rows. The table `instance` differs at each start. */
export async function fingerprintOfRows(database: OpenDatabase): Promise<string> {
  const names = (await tableNames(database)).filter((name) => name !== 'instance')
  return createHash('sha256')
    .update(JSON.stringify(await contentsOf(database, names.sort())))
    .digest('hex')
}

/** The name of the newest backup if it has these rows: another one would be the same. */
export async function newestWith(rows: string, place: BackupsPlace, instanceId: string): Promise<string | null> {
  const [newest] = (await place.list(instanceId)).filter(({ damaged, unread }) => !damaged && !unread)
  return newest && (await manifestIn(place.pathOf(newest.name)))?.rows === rows ? newest.name : null
}

/** A failing update can be started again and again, and must not take the backups of earlier versions their place. */
export async function keepOfEachVersion(place: BackupsPlace, instanceId: string): Promise<void> {
  const backups = (await place.list(instanceId)).filter(({ damaged, unread }) => !damaged && !unread)
  const kept = new Set(backups.slice(0, KEPT).map(({ name }) => name))
  const versions = new Set<string>()
  for (const { name } of backups) {
    const version = (await manifestIn(place.pathOf(name)))?.schema
    if (version === undefined || versions.has(version) || versions.size === KEPT) continue
    versions.add(version)
    kept.add(name)
  }
  for (const { name } of backups) if (!kept.has(name)) await rm(place.pathOf(name), { force: true })
}

async function manifestIn(file: string): Promise<Manifest | null> {
  const source = createReadStream(file)
  try {
    for await (const { name, bytes } of readArchive(source, null)) {
      return name === MANIFEST ? manifestOfAny(await textOf(bytes)) : null
    }
    return null
  } catch {
    // It says nothing about itself.
    return null
  } finally {
    source.destroy()
  }
}
