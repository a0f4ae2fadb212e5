import { createReadStream, existsSync, lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { FOLDER_ID, filesFolder, keyOf, syncFolder } from '../adapters/files.ts'
import { digestOf, type FilesPlace, filesPlace, type Marker } from '../adapters/files-place.ts'
import { sizeOf } from '../db/sqlite-copy.ts'
import { keepAside, renamed } from './aside.ts'
import { FILES } from './manifest.ts'
import type { Place } from './place.ts'
import type { Plan } from './plan.ts'

/** The contents of an uploads folder besides uploads, in the order in which they leave it: its owner last. */
const OURS: readonly (Marker | 'quarantine')[] = ['quarantine', 'incomplete', FOLDER_ID, 'instance-id']

/**
 * Adds missing uploads. Existing ones that are not in the backup stay, in case the restore was a mistake. Returns the
 * folders with replaced ones other than `before`: a `files` folder on another disk keeps its own.
 */
export async function placeUploads(
  place: Place,
  staged: string,
  before: string,
  { before: name, instanceId, damaged = [] }: Plan,
): Promise<string[]> {
  const source = join(staged, FILES)
  if (!existsSync(source)) return []
  const uploads = filesPlace(place)
  const folder = filesFolder(place.dataDir)
  const within = join(folder, name)
  try {
    if (!place.filesUrl && (await isForeign(uploads, instanceId))) keepAll(folder, before, within)
    for (const key of readdirSync(source)) {
      const target = join(folder, key)
      const upload = { key, path: join(source, key), isDamaged: damaged.includes(key) }
      await putUpload(uploads, upload, target, () => {
        if (!renamed(target, join(before, key))) keepAside(target, within)
      })
    }
    if (uploads.setting === 'DATA_DIR' && existsSync(uploads.name)) await syncFolder(uploads.name)
    // A start accepts only a place marked for this database.
    await uploads.setMark('instance-id', instanceId)
  } finally {
    await uploads.close()
  }
  return !place.filesUrl && existsSync(within) ? [within] : []
}

/** Whether a place has the uploads of another instance. */
export async function isForeign(uploads: FilesPlace, instanceId: string): Promise<boolean> {
  const owner = await uploads.readMark('instance-id')
  return owner !== null && owner !== instanceId
}

/** Moves the uploads folder aside. One that is a link or a mounted disk stays, and keeps its contents in a folder inside. */
function keepAll(folder: string, before: string, within: string): void {
  if (!lstatSync(folder).isSymbolicLink() && renamed(folder, join(before, 'files'))) return
  const names = readdirSync(folder)
  const ours = [...names.filter((name) => keyOf(name) !== null), ...OURS.filter((name) => names.includes(name))]
  for (const name of ours) keepAside(join(folder, name), within)
}

interface Upload {
  readonly key: string
  readonly path: string
  /** Whether it was damaged when the backup was made. */
  readonly isDamaged: boolean
}

/** `keep` moves what has this key away: it is damaged, or no file. */
async function putUpload(
  uploads: FilesPlace,
  { key, path, isDamaged }: Upload,
  target: string,
  keep: () => void,
): Promise<void> {
  const size = sizeOf(path)
  const file = { key, size, quarantinedAt: null }
  const digest = await digestOf(createReadStream(path))
  const existing = await uploads.digestOf(file)
  if (existing === digest || (isDamaged && existing !== null)) return
  if (uploads.setting === 'DATA_DIR') {
    if (existsSync(target)) keep()
    if (renamed(path, target)) return
  }
  await uploads.put(file, { size, digest, open: () => createReadStream(path) })
}
