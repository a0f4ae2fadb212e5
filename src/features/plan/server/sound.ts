import type { ReadTx } from '../../../core/data/tx.ts'
import type { Call } from '../../../core/run/feature.ts'
import { sharingPlaces } from '../../../core/run/ordering.ts'
import type { Unsound } from '../../../core/run/sound.ts'
import { listDays } from '../../days/server/index.ts'
import type { EntryKind } from '../contract/entry.ts'
import { dayEntries } from './hooks.ts'

const ENTITIES: Record<EntryKind, string> = { stop: 'assignment', note: 'day_note', booking: 'reservation' }

/** Checks that no two entries of a day have the same place. */
export async function faultsIn(
  { tx, emit }: Pick<Call<unknown, unknown, ReadTx>, 'tx' | 'emit'>,
  tripId: number,
): Promise<Unsound[]> {
  const broken: Unsound[] = []
  for (const { id: dayId } of await listDays(tx, tripId)) {
    const entries = (await emit(dayEntries, { tripId, dayId })).flat()
    broken.push(...sharingPlaces(entries.map(({ kind, ...entry }) => ({ ...entry, entity: ENTITIES[kind] }))))
  }
  return broken
}
