import type { ExternalServices } from '../../../adapters/external-services.ts'
import type { Tx } from '../../../core/data/tx.ts'
import { type Feature, feature, onHook, rows } from '../../../core/run/feature.ts'
import { userDeleted } from '../../../identity/server/index.ts'
import { placeDeleted } from '../../places/server/index.ts'
import { reservationDeleted } from '../../reservations/server/index.ts'
import { summarySection, tripDeleted } from '../../trips/server/index.ts'
import * as contract from '../contract/index.ts'
import { filesHandlers, shownFiles, usedKeys, viewAt } from './handlers.ts'
import { filesInUse } from './hooks.ts'
import { listFiles, listUploadedBy, patchFile, removeFile } from './store.ts'
import { sweep } from './sweep.ts'

/** Files and covers of trips; `store` keeps their bytes. */
export const files = ({ files: store, addressOf }: Pick<ExternalServices, 'files' | 'addressOf'>): Feature => {
  const view = viewAt(addressOf)
  return feature({
    name: 'files',
    contract,
    handlers: filesHandlers(store, view),
    entities: [rows(contract.TripFile, undefined, { undoneLike: { remove: contract.delete_file } })],
    jobs: [sweep(store)],
    // A copy of a trip gets none of its files: they were given to the people of that trip.
    listeners: [
      summarySection('files', contract.list_files, async (tx, tripId) => (await shownFiles(tx, tripId)).map(view)),
      onHook(filesInUse, ({ tx }, { keys }) => usedKeys(tx, keys)),
      onHook(placeDeleted, ({ tx }, { tripId, placeId }) => unlink(tx, tripId, 'place_ids', placeId)),
      onHook(reservationDeleted, ({ tx }, { tripId, reservationId }) =>
        unlink(tx, tripId, 'reservation_ids', reservationId),
      ),
      onHook(userDeleted, async ({ tx }, { userId }) => {
        for (const file of await listUploadedBy(tx, userId)) await patchFile(tx, file, { uploaded_by: null })
      }),
      onHook(tripDeleted, async ({ tx }, { tripId }) => {
        for (const file of await listFiles(tx, tripId)) await removeFile(tx, file)
      }),
    ],
  })
}

async function unlink(tx: Tx, tripId: number, links: 'place_ids' | 'reservation_ids', id: number): Promise<void> {
  for (const file of await listFiles(tx, tripId)) {
    await patchFile(tx, file, { [links]: file[links].filter((other) => other !== id) })
  }
}
