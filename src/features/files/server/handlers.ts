import type { ExternalServices } from '../../../adapters/external-services.ts'
import type { FileStore } from '../../../core/data/files.ts'
import type { ReadTx, Tx } from '../../../core/data/tx.ts'
import { invalidField } from '../../../core/declare/errors.ts'
import { implement, prepared } from '../../../core/run/feature.ts'
import { Place } from '../../places/contract/index.ts'
import { Reservation } from '../../reservations/contract/index.ts'
import { getTrip, patchTrip } from '../../trips/server/index.ts'
import * as contract from '../contract/index.ts'
import { messages } from '../contract/messages.ts'
import { identify, identifyCover, kindOfType, typeOfCover, withEndingOf } from './content.ts'
import { filesInUse } from './hooks.ts'
import * as store from './store.ts'
import { COVERS } from './store.ts'

const MB = 1024 * 1024
const GB = 1024 * MB

/** A file as in answers, with its address. */
type View = (file: contract.TripFileRow) => contract.FileView

export const viewAt =
  (addressOf: ExternalServices['addressOf']): View =>
  (file) => ({ ...file, url: addressOf(`/api/trips/${file.trip_id}/files/${file.id}/content`) })

export const filesHandlers = (files: FileStore, view: View) =>
  implement(contract, {
    list_files: async ({ tx, input }) => ({ files: (await shownFiles(tx, input.tripId)).map(view) }),

    upload_file: prepared(contract.upload_file, {
      prepare: ({ file }) => identify(files, file),
      async handle({ tx, input: { tripId, file, ...values }, caller, prepared: { kind, name }, now }) {
        const taken = await store.bytesOf(tx, tripId)
        if (taken + file.size > contract.TRIP_BYTES) {
          throw messages.tripFull(
            { maximum: contract.TRIP_BYTES / GB },
            { details: { taken_bytes: taken, max_bytes: contract.TRIP_BYTES } },
          )
        }
        await refuseWithoutRoom(tx, files, caller.userId, file.size)
        const links = await checkedLinks(tx, tripId, values)
        const row = await store.insertFile(tx, {
          ...values,
          ...links,
          trip_id: tripId,
          name,
          size: file.size,
          type: kind.type,
          kind: kind.kind,
          uploaded_by: caller.userId,
          created_at: now,
          key: file.key,
        })
        return { file: view(row) }
      },
    }),

    download_file: async ({ tx, input }) => {
      const file = await getFile(tx, input.tripId, input.fileId)
      const { name, type, kind } = file
      const inline = kind === 'image' || kind === 'pdf' || kind === 'text'
      return { file: { key: await store.keyOf(tx, file), name, type, inline } }
    },

    update_file: async ({ tx, input: { tripId, fileId, name, ...patch } }) => {
      const file = await getFile(tx, tripId, fileId)
      const kind = kindOfType(file.type)
      const links = await checkedLinks(tx, tripId, patch)
      const changed = await store.patchFile(tx, file, {
        ...patch,
        ...links,
        ...(name !== undefined && { name: kind ? withEndingOf(kind, name) : name }),
      })
      return { file: view(changed) }
    },

    trash_file: async ({ tx, input, now }) => {
      const file = await getFile(tx, input.tripId, input.fileId)
      return { file: view(await store.patchFile(tx, file, { deleted_at: file.deleted_at ?? now })) }
    },

    restore_file: async ({ tx, input }) => {
      const file = await getFile(tx, input.tripId, input.fileId)
      return { file: view(await store.patchFile(tx, file, { deleted_at: null })) }
    },

    delete_file: async ({ tx, input }) => {
      await store.removeFile(tx, await getFile(tx, input.tripId, input.fileId))
      return { success: true }
    },

    list_trashed_files: async ({ tx, input }) => ({ files: (await listTrash(tx, input.tripId)).map(view) }),

    empty_trash: async ({ tx, input }) => {
      const trash = await listTrash(tx, input.tripId)
      for (const file of trash) await store.removeFile(tx, file)
      return { success: true, deleted: trash.length }
    },

    upload_trip_cover: prepared(contract.upload_trip_cover, {
      prepare: ({ file }) => identifyCover(files, file),
      async handle({ tx, input: { tripId, file }, caller, prepared: ending }) {
        const trip = await patchTrip(tx, await getTrip(tx, tripId), {
          cover_image: `${COVERS}${file.key}.${ending}`,
        })
        // Counts the new cover instead of the old one.
        await refuseWithoutRoom(tx, files, caller.userId, 0)
        return { trip }
      },
    }),

    get_cover: async ({ tx, input: { name } }) => {
      const type = typeOfCover(name)
      if (!type || !(await store.coversAmong(tx, [`${COVERS}${name}`])).length) throw messages.coverNotFound()
      return { file: { key: keyOfCover(name), name, type, inline: true } }
    },

    list_uploaders: async ({ tx }) => ({
      max_bytes: files.bytesPerUser,
      uploaders: await store.bytesOfUploaders(tx),
    }),

    list_unused_keys: async ({ input: { keys }, emit }) => {
      const used = new Set((await emit(filesInUse, { keys })).flat())
      return { keys: keys.filter((key) => !used.has(key)) }
    },
  })

/** Refuses `more` bytes if they take the uploads of a person over the limit. */
async function refuseWithoutRoom(tx: Tx, { bytesPerUser }: FileStore, userId: number, more: number): Promise<void> {
  // Also counts what the person is uploading to another trip at this moment.
  await tx.holdUser(userId)
  const taken = await store.bytesUploadedBy(tx, userId)
  if (taken + more <= bytesPerUser) return
  throw messages.personFull(
    { taken: inMegabytes(taken), maximum: inMegabytes(bytesPerUser) },
    { details: { taken_bytes: taken, max_bytes: bytesPerUser } },
  )
}

const inMegabytes = (bytes: number): number => Math.round((bytes / MB) * 10) / 10

const keyOfCover = (name: string): string => name.replace(/\.[a-z]+$/, '')

/** The keys among these that belong to files or covers of trips. */
export async function usedKeys(tx: ReadTx, keys: readonly string[]): Promise<string[]> {
  const names = keys.flatMap((key) => contract.COVER_ENDINGS.map((ending) => `${COVERS}${key}.${ending}`))
  const covers = await store.coversAmong(tx, names)
  return [...(await store.keysAmong(tx, keys)), ...covers.map((cover) => keyOfCover(cover.slice(COVERS.length)))]
}

/** The files of a trip that are not in the trash. */
export const shownFiles = async (tx: ReadTx, tripId: number): Promise<contract.TripFileRow[]> =>
  (await store.listFiles(tx, tripId)).filter((file) => file.deleted_at === null)

async function listTrash(tx: ReadTx, tripId: number): Promise<contract.TripFileRow[]> {
  const trash = (await store.listFiles(tx, tripId)).filter((file) => file.deleted_at !== null)
  return trash.sort((a, b) => String(b.deleted_at).localeCompare(String(a.deleted_at)))
}

async function getFile(tx: ReadTx, tripId: number, fileId: number): Promise<contract.TripFileRow> {
  const file = await store.findFile(tx, tripId, fileId)
  if (!file) throw messages.fileNotFound({ id: fileId })
  return file
}

type Links = Partial<Pick<contract.TripFileRow, 'place_ids' | 'reservation_ids'>>

/** The links without duplicates, or `invalid` if one leads out of the trip. */
async function checkedLinks(tx: ReadTx, tripId: number, links: { [K in keyof Links]?: Links[K] | undefined }) {
  const checked: Links = {}
  const check = async (key: keyof Links, entity: typeof Place | typeof Reservation) => {
    const ids = links[key]
    if (ids === undefined) return
    checked[key] = [...new Set(ids)].sort((a, b) => a - b)
    const there = new Set(await store.idsInTrip(tx, entity, tripId, checked[key]))
    const strange = checked[key].filter((id) => !there.has(id))
    if (strange.length) throw invalidField(key, messages.outsideTrip({ count: strange.length, ids: strange }))
  }
  await check('place_ids', Place)
  await check('reservation_ids', Reservation)
  return checked
}
