import type { FileStore } from '../../../core/data/files.ts'
import { invalidField } from '../../../core/declare/errors.ts'
import type { Read } from '../../../core/run/feature.ts'
import { messages } from '../contract/messages.ts'
import { hasHadCover } from './store.ts'

/** Refuses a cover of another trip, or one whose picture has been deleted, which would show as broken. */
export async function checkCover(
  files: Pick<FileStore, 'known'>,
  read: Read,
  tripId: number,
  cover: string,
): Promise<void> {
  if (!(await read((tx) => hasHadCover(tx, tripId, cover)))) {
    throw invalidField('cover_image', messages.coverNotOfTrip())
  }
  const key = cover.replace(/^.*\//, '').replace(/\.\w+$/, '')
  if (!(await files.known([key])).has(key)) {
    throw invalidField('cover_image', messages.coverDeleted())
  }
}
