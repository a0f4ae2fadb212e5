import type { ReadTx, Tx } from '../../../core/data/tx.ts'
import type { Output } from '../../../core/declare/operation.ts'
import type { Call } from '../../../core/run/feature.ts'
import type { Person } from '../../../identity/contract/person.ts'
import { insertGuest, removeGuest, renameGuest, userDeleted } from '../../../identity/server/index.ts'
import { findPeople } from '../../../identity/server/people/store.ts'
import type { list_trip_members } from '../contract/index.ts'
import { messages } from '../contract/messages.ts'
import { memberRemoved } from './hooks.ts'
import * as store from './store.ts'

/** The people of a trip: how they join and leave, and how answers show them. */
type Scene = Pick<Call, 'tx' | 'emit'>

export type MemberView = Output<typeof list_trip_members>['owner']

export const memberView = (member: store.TripMemberRow, { user_id, username, name }: Person): MemberView => ({
  user_id,
  username,
  name,
  role: member.role,
  added_at: member.added_at,
})

/** The owner and the other members, with their names. */
export async function membersOf(tx: ReadTx, tripId: number): Promise<{ owner: MemberView; members: MemberView[] }> {
  const members = await store.listMembers(tx, tripId)
  const ids = members.map((member) => member.user_id)
  const people = new Map((await findPeople(tx, ids)).map((person) => [person.user_id, person]))
  const [owner, ...others] = members.map((member) => memberView(member, people.get(member.user_id) as Person))
  if (!owner) throw store.noSuchTrip()
  return { owner, members: others }
}

/** Somebody in this trip, or `not_found`. */
export async function getMember(tx: ReadTx, tripId: number, userId: number): Promise<store.TripMemberRow> {
  const member = await store.findMember(tx, tripId, userId)
  if (member) return member
  throw messages.memberNotFound()
}

/** A guest of this trip, or `not_found`. */
async function getGuest(tx: ReadTx, tripId: number, userId: number): Promise<store.TripMemberRow> {
  const member = await store.findMember(tx, tripId, userId)
  if (member?.role === 'guest') return member
  throw messages.guestNotFound()
}

export interface Newcomer {
  readonly tripId: number
  readonly name: string
  readonly by: number
  readonly now: string
}

export async function addGuest(tx: Tx, { tripId, name, by, now }: Newcomer): Promise<MemberView> {
  const guest = await insertGuest(tx, name, now)
  const member = await store.insertMember(tx, {
    trip_id: tripId,
    user_id: guest.id,
    role: 'guest',
    guest_name: name,
    invited_by: by,
    added_at: now,
  })
  return memberView(member, { ...guest, user_id: guest.id })
}

export async function renameGuestOf(tx: Tx, tripId: number, userId: number, name: string, now: string) {
  const member = await getGuest(tx, tripId, userId)
  const guest = await renameGuest(tx, userId, name, now)
  // Also in the membership: the people of the trip follow changes of that row.
  const renamed = await store.patchMember(tx, member, { guest_name: name })
  return memberView(renamed, { ...guest, user_id: guest.id })
}

export const removeGuestOf = async (scene: Scene, tripId: number, userId: number): Promise<void> =>
  takeOut(scene, await getGuest(scene.tx, tripId, userId))

/** Takes somebody out of a trip. A guest is in no other trip and is deleted. */
export async function takeOut(scene: Scene, member: store.TripMemberRow): Promise<void> {
  const { tx, emit } = scene
  await emit(memberRemoved, { tripId: member.trip_id, userId: member.user_id })
  await store.removeMember(tx, member)
  if (member.role === 'guest') await forgetGuest(scene, member)
}

/** Deletes a guest who is in no trip any more, after every feature has cleared its references. */
export async function forgetGuest(
  { tx, emit }: Scene,
  { user_id: userId, trip_id: tripId }: Pick<store.TripMemberRow, 'user_id' | 'trip_id'>,
  { restorable }: { restorable: boolean } = { restorable: false },
): Promise<void> {
  await emit(userDeleted, { userId, tripId, restorable })
  await removeGuest(tx, userId)
}
