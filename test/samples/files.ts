import { Readable } from 'node:stream'
import type { FileStore } from '../../src/core/data/files.ts'
import type { Upload } from '../../src/core/declare/operation.ts'
import { upload_file, upload_trip_cover } from '../../src/features/files/contract/index.ts'
import type { Samples, SampleTrip } from './scene.ts'

/** The smallest picture there is: one transparent pixel. */
export const PIXEL = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')

/** A file as a transport hands it over. */
export async function uploaded(files: FileStore, bytes: Buffer, name: string): Promise<Upload> {
  const kept = await files.keep(Readable.from([bytes]), bytes.length)
  return { ...kept, name, type: 'application/octet-stream' }
}

export async function filesSamples({ run, files, owner, tripId }: SampleTrip): Promise<Samples> {
  const picture = await uploaded(files, PIXEL, 'ticket.gif')
  const { file } = await run(upload_file, { tripId, file: picture }, owner)
  const { trip } = await run(upload_trip_cover, { tripId, file: await uploaded(files, PIXEL, 'cover.gif') }, owner)
  return { file: picture, fileId: file.id, 'covers.name': trip.cover_image?.split('/').at(-1), keys: [] }
}
