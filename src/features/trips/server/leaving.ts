import type { Call } from '../../../core/run/feature.ts'
import { tripDeleted } from './hooks.ts'
import { forgetGuest, takeOut } from './people.ts'
import * as store from './store.ts'

type Scene = Pick<Call, 'tx' | 'emit'>

/** Removes a trip with everything that features store for it. What can be restored stays in the change log. */
export async function deleteTrip(scene: Scene, tripId: number, how: { restorable: boolean }): Promise<void> {
  const { tx, emit } = scene
  const trip = await store.getTrip(tx, tripId)
  await emit(tripDeleted, { tripId, ...how })
  const members = await store.listMembers(tx, tripId)
  for (const member of members) await store.removeMember(tx, member)
  await store.removeTrip(tx, trip)
  for (const member of members) if (member.role === 'guest') await forgetGuest(scene, member, how)
}

/**
 * Removes an account from its trips: deletes those it owns, with what is left of those it owned, and takes it out of the
 * others.
 */
export async function leaveAllTrips(scene: Scene, userId: number): Promise<void> {
  for (const member of await store.listMemberships(scene.tx, userId)) {
    if (member.role === 'owner') await deleteTrip(scene, member.trip_id, { restorable: false })
    else await takeOut(scene, member)
  }
  for (const { trip } of await store.listDeletedTrips(scene.tx, { ownerId: userId })) {
    // Its rows are gone; this erases it.
    await scene.emit(tripDeleted, { tripId: trip.id, restorable: false })
  }
  for (const member of await store.listInvitedBy(scene.tx, userId)) {
    await store.patchMember(scene.tx, member, { invited_by: null })
  }
}
