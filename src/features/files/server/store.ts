import { sql } from 'kysely'
import type { ReadTx, Tx } from '../../../core/data/tx.ts'
import type { Values } from '../../../core/declare/entity.ts'
import { Place } from '../../places/contract/index.ts'
import { Reservation } from '../../reservations/contract/index.ts'
import { Trip } from '../../trips/contract/index.ts'
import { TripFile, type TripFileRow } from '../contract/index.ts'

/** The address of covers; its last part is the key with an extension. */
export const COVERS = '/api/covers/'

/** Every file of a trip, including those in the trash: starred ones first, then the newest. */
export const listFiles = (tx: ReadTx, tripId: number): Promise<TripFileRow[]> =>
  tx.list(TripFile, { trip_id: tripId }, ['starred desc', 'created_at desc', 'id desc'])

export const findFile = (tx: ReadTx, tripId: number, fileId: number): Promise<TripFileRow | null> =>
  tx.find(TripFile, { id: fileId, trip_id: tripId })

export const listUploadedBy = (tx: ReadTx, userId: number): Promise<TripFileRow[]> =>
  tx.list(TripFile, { uploaded_by: userId })

/** The key of a file's bytes. */
export async function keyOf(tx: ReadTx, { id, trip_id }: TripFileRow): Promise<string> {
  const { key } = await tx
    .selectFrom('trip_files')
    .select('key')
    .where('id', '=', id)
    .where('trip_id', '=', trip_id)
    .executeTakeFirstOrThrow()
  return key
}

/** The size of all files of a trip in bytes, including those in the trash. */
export async function bytesOf(tx: ReadTx, tripId: number): Promise<number> {
  const row = await tx
    .selectFrom('trip_files')
    .select(({ fn }) => fn.sum<number>('size').as('bytes'))
    .where('trip_id', '=', tripId)
    .executeTakeFirst()
  return Number(row?.bytes ?? 0)
}

/** The size of all files and covers that somebody has uploaded to any trip, in bytes, including those in the trash. */
export async function bytesUploadedBy(tx: ReadTx, userId: number): Promise<number> {
  const files = await tx
    .selectFrom('trip_files')
    .select(({ fn }) => fn.sum<number>('size').as('bytes'))
    .where('uploaded_by', '=', userId)
    .executeTakeFirst()
  const covers = await tx
    .selectFrom('file_keys')
    .select(({ fn }) => fn.sum<number>('size').as('bytes'))
    .where('user_id', '=', userId)
    .where(sql<boolean>`key in (${keysInCovers})`)
    .executeTakeFirst()
  return Number(files?.bytes ?? 0) + Number(covers?.bytes ?? 0)
}

const keysInCovers = sql`select substr(cover_image, ${sql.lit(COVERS.length + 1)}, 36) from trips where cover_image is not null`

/** The same for everybody who has uploaded anything, the largest first. */
export async function bytesOfUploaders(tx: ReadTx): Promise<{ user_id: number; bytes: number }[]> {
  const files = await tx.selectFrom('trip_files').select('uploaded_by as user_id').distinct().execute()
  const covers = await tx.selectFrom('file_keys').select('user_id').where('size', '>', 0).distinct().execute()
  const ids = new Set([...files, ...covers].flatMap(({ user_id }) => user_id ?? []))
  const taken = []
  for (const user_id of ids) taken.push({ user_id, bytes: await bytesUploadedBy(tx, user_id) })
  return taken.filter(({ bytes }) => bytes > 0).sort((a, b) => b.bytes - a.bytes)
}

/** The ids among these that are rows of the trip. */
export async function idsInTrip(
  tx: ReadTx,
  entity: typeof Place | typeof Reservation,
  tripId: number,
  ids: readonly number[],
): Promise<number[]> {
  if (!ids.length) return []
  const rows =
    entity === Place
      ? await tx.list(Place, { trip_id: tripId, id: ids })
      : await tx.list(Reservation, { trip_id: tripId, id: ids })
  return rows.map(({ id }) => id)
}

export const insertFile = (tx: Tx, values: Values<typeof TripFile>): Promise<TripFileRow> => tx.insert(TripFile, values)

export const patchFile = (tx: Tx, file: TripFileRow, patch: Values<typeof TripFile>): Promise<TripFileRow> =>
  tx.patch(TripFile, file, patch)

export const removeFile = (tx: Tx, file: TripFileRow): Promise<void> => tx.remove(TripFile, file)

/** The addresses among these that are covers of trips. */
export async function coversAmong(tx: ReadTx, covers: readonly string[]): Promise<string[]> {
  const trips = await tx.list(Trip, { cover_image: covers })
  return trips.flatMap((trip) => trip.cover_image ?? [])
}

/** The keys among these that belong to files of trips. */
export async function keysAmong(tx: ReadTx, keys: readonly string[]): Promise<string[]> {
  if (!keys.length) return []
  const rows = await tx
    .selectFrom('trip_files')
    .select('key')
    .distinct()
    .where('key', 'in', keys as string[])
    .execute()
  return rows.map((row) => row.key)
}

declare module '../../../core/data/tx.ts' {
  interface Tables {
    trip_files: { id: number; trip_id: number; size: number; key: string; uploaded_by: number | null }
  }
}
