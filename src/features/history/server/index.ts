import type { Database } from '../../../core/data/database.ts'
import type { SpaceRef } from '../../../core/data/space.ts'
import { deletedKeptSince } from '../../../core/declare/retention.ts'
import { type Feature, feature } from '../../../core/run/feature.ts'
import { Trip } from '../../trips/contract/index.ts'
import { listDeletedTrips } from '../../trips/server/index.ts'
import * as contract from '../contract/index.ts'
import { historyHandlers } from './handlers.ts'
import type { HistoryParts } from './undo.ts'

const HOUR_SECONDS = 3600
const DAY_MS = 24 * HOUR_SECONDS * 1000

interface Retention extends Pick<Database, 'read'> {
  /** Deletes the secret columns of rows that were removed before this moment. */
  forgetSecrets(before: string): Promise<void>
  /** Erases the content of changes made before this moment, in small steps. */
  eraseBefore(before: string): Promise<void>
  /** Erases the content of a deleted space, in small steps. */
  eraseDeleted(
    space: SpaceRef,
    deletion: { readonly entity: string; readonly seq: number; readonly at: string },
  ): Promise<void>
}

/** What was changed, undo, and deleted trips. `parts` is called at each request. The log keeps content for `keptDays`. */
export const historyFeature = (
  parts: () => HistoryParts,
  { read, forgetSecrets, eraseBefore, eraseDeleted }: Retention,
  keptDays: number,
): Feature =>
  feature({
    name: 'history',
    contract,
    handlers: historyHandlers(parts, keptDays),
    jobs: [
      {
        name: 'forget secrets of removed rows',
        everySeconds: HOUR_SECONDS,
        byAge: true,
        run: ({ now }) => forgetSecrets(deletedKeptSince(now)),
      },
      {
        name: 'erase old changes',
        everySeconds: HOUR_SECONDS,
        byAge: true,
        run: ({ now }) => eraseBefore(new Date(now.getTime() - keptDays * DAY_MS).toISOString()),
      },
      {
        name: 'erase deleted trips',
        everySeconds: HOUR_SECONDS,
        byAge: true,
        async run({ now }) {
          const expired = await read((tx) => listDeletedTrips(tx, { until: deletedKeptSince(now) }))
          for (const { trip, seq, deletion } of expired) {
            await eraseDeleted({ space: 'trip', id: trip.id }, { entity: Trip.name, seq, at: deletion.at })
          }
        },
      },
    ],
  })
