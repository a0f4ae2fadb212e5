import type { WriteTx } from '../../../core/data/database.ts'
import type { Input, Output } from '../../../core/declare/operation.ts'
import { DELETED_KEPT_DAYS, deletedKeptSince, deletedKeptUntil } from '../../../core/declare/retention.ts'
import type { Catalogue } from '../../../core/run/catalogue.ts'
import type { Call } from '../../../core/run/feature.ts'
import { idsIn } from '../../../core/run/references.ts'
import { type NetChange, netChanges } from '../../../core/run/undo/net.ts'
import { undoCommits } from '../../../core/run/undo/undo.ts'
import { standIn } from '../../../identity/server/index.ts'
import { findPeople } from '../../../identity/server/people/store.ts'
import { Trip, trip_delete } from '../../trips/contract/index.ts'
import { type DeletedTrip, findTrip, forgetGuest, getTrip, listDeletedTrips } from '../../trips/server/index.ts'
import type * as contract from '../contract/deleted-trips.ts'
import { messages } from '../contract/messages.ts'
import { Sight } from './lines.ts'
import { type Shown, withTitles } from './titles.ts'
import { type HistoryParts, leftOf } from './undo.ts'

type Restoring = Call<Input<typeof contract.restore_trip>>

export const cardOf = ({ trip, deletion, deletedBy }: DeletedTrip): contract.DeletedTrip => ({
  id: trip.id,
  title: trip.title,
  start_date: trip.start_date,
  end_date: trip.end_date,
  deleted_at: deletion.at,
  deleted_by: deletedBy,
  restorable_until: deletedKeptUntil(new Date(deletion.at)),
})

/** Undoes the commit that deleted a trip. */
export async function restoreTrip(
  { catalogue, sealing }: HistoryParts,
  call: Restoring,
): Promise<Output<typeof contract.restore_trip>> {
  const { caller, emit, barred } = call
  // The pipeline hands the same transaction to every handler of a write; only undo uses all of it.
  const tx = call.tx as WriteTx
  const { trip, deletion } = await deletedTripOf(call)
  const home = { space: 'trip', id: trip.id }
  const changes = netChanges(catalogue, await tx.undoing.changesOf(deletion.id))
  const gone = await peopleGone(catalogue, tx, changes)
  const following = tx.following('undo')
  for (const id of gone) await standIn(following, id, call.now)
  const result = (await undoCommits({ tx, catalogue, sealing, emit }, home, [deletion])).get(deletion)
  if (!result?.done.some(({ change }) => change.bound.entity === Trip)) {
    throw messages.notRestored({ title: trip.title, reason: result?.left[0]?.reason ?? '' })
  }
  // They leave as everybody does whose account is deleted: what names them goes to others.
  for (const id of gone) await forgetGuest({ tx: following, emit }, { user_id: id, trip_id: trip.id })
  const sight = new Sight(catalogue, { userId: caller.userId, role: 'owner' }, barred)
  const shown: Shown[] = []
  const left = leftOf(sight, shown, result)
  await withTitles(catalogue, tx, home, sight, shown)
  return {
    trip: await getTrip(tx, trip.id),
    links_ended: changes.some(({ bound }) => bound.entity.givesAccess),
    people_gone: gone.length,
    left,
  }
}

/** The deleted trip of this call, if the caller owned it and may delete trips. */
async function deletedTripOf({ tx, input: { deletedTripId: tripId }, caller, now, permits }: Restoring) {
  const after = deletedKeptSince(new Date(now))
  const [deleted] = await listDeletedTrips(tx, { tripId, ownerId: caller.userId, after })
  if (!deleted) {
    const trip = await findTrip(tx, tripId)
    if (trip?.user_id === caller.userId) throw messages.tripNotDeleted({ title: trip.title })
    throw messages.noDeletedTrip({ days: DELETED_KEPT_DAYS })
  }
  if (!permits(trip_delete, 'owner')) throw messages.deletingNotPermitted()
  return deleted
}

/** The people whom these rows name and who have no account any more. */
async function peopleGone(catalogue: Catalogue, tx: WriteTx, changes: readonly NetChange[]): Promise<number[]> {
  const named = new Set<number>()
  for (const { bound, before } of changes) {
    for (const [field, to] of Object.entries(bound.entity.refs ?? {})) {
      if (to === 'user' || to === 'member') for (const id of idsIn(before?.[field])) named.add(id)
    }
  }
  const guests = changes.filter(({ bound }) => bound.entity === catalogue.entities.get('user')?.entity)
  const there = [...(await findPeople(tx, [...named])).map(({ user_id }) => user_id), ...guests.map(({ id }) => id)]
  return [...named].filter((id) => !there.includes(id))
}
