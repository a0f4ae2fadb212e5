import { existsSync, statSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import type { S3Settings } from '../adapters/s3/at.ts'
import type { Config } from '../config/index.ts'
import type { BackupsPlace } from './backups-place.ts'
import { backupsInBucket } from './bucket.ts'
import { backupsInFolder } from './folder.ts'

export type BackupsSettings = S3Settings & Pick<Config, 'dataDir'>

const isStorage = (path: string): boolean => path.startsWith('s3://')

/** The place of this name: a folder, or s3://bucket/some/where. */
const placeCalled = (name: string, settings: BackupsSettings, instead?: string): BackupsPlace =>
  isStorage(name) ? backupsInBucket(name, settings) : backupsInFolder(name, settings.dataDir, instead)

/** The place that BACKUP_TO defines. */
export const backupsPlace = (name: string, settings: BackupsSettings): BackupsPlace =>
  placeCalled(name, settings, 'set BACKUP_TO to another one')

/** The place and name of a backup that a person named; the name is null if only the place is given. */
export function placeAndName(path: string, settings: BackupsSettings): { place: BackupsPlace; name: string | null } {
  if (isStorage(path)) {
    const [, place = path, name = ''] = /^(s3:\/\/[^/]+(?:\/.*?)?)\/([^/]*)$/.exec(path) ?? []
    return { place: placeCalled(place, settings), name: name || null }
  }
  const isFolder = path.endsWith('/') || (existsSync(path) && statSync(path).isDirectory())
  return isFolder
    ? { place: placeCalled(path, settings), name: null }
    : { place: placeCalled(dirname(path), settings), name: basename(path) }
}
