import { existsSync, statSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import type { S3Settings } from '../adapters/s3/at.ts'
import type { BackupsPlace } from './backups-place.ts'
import { backupsInBucket } from './bucket.ts'
import { backupsInFolder } from './folder.ts'

const isStorage = (path: string): boolean => path.startsWith('s3://')

/** Where backups lie when this is the name of the place: a folder, or s3://bucket/some/where. */
export const backupsPlace = (name: string, settings: S3Settings): BackupsPlace =>
  isStorage(name) ? backupsInBucket(name, settings) : backupsInFolder(name)

/** The place of one backup, and its name there; null where only the place is named. */
export function placeAndName(path: string, settings: S3Settings): { place: BackupsPlace; name: string | null } {
  if (isStorage(path)) {
    const [, place = path, name = ''] = /^(s3:\/\/[^/]+(?:\/.*?)?)\/([^/]*)$/.exec(path) ?? []
    return { place: backupsPlace(place, settings), name: name || null }
  }
  const isFolder = path.endsWith('/') || (existsSync(path) && statSync(path).isDirectory())
  return isFolder
    ? { place: backupsPlace(path, settings), name: null }
    : { place: backupsPlace(dirname(path), settings), name: basename(path) }
}
