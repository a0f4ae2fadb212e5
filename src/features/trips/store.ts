import type { Row, Values } from '../../core/entity.ts'
import { notFound } from '../../core/errors.ts'
import type { ReadTx, Tx } from '../../core/tx.ts'
import { Trip, type TripCard, TripMember } from './contract.ts'

export type TripRow = Row<typeof Trip>
export type TripMemberRow = Row<typeof TripMember>

export const findTrip = (tx: ReadTx, tripId: number): Promise<TripRow | null> => tx.find(Trip, { id: tripId })

/** The trip that the pipeline has let the caller into. */
export async function getTrip(tx: ReadTx, tripId: number): Promise<TripRow> {
  const trip = await findTrip(tx, tripId)
  if (!trip) throw notFound('There is no such trip')
  return trip
}

/** The caller's trips with their role and the number of members, newest first. */
export async function listTripCards(tx: ReadTx, userId: number, withArchived: boolean): Promise<TripCard[]> {
  const memberships = await tx.list(TripMember, { user_id: userId })
  const roles = new Map(memberships.map(({ trip_id, role }) => [trip_id, role]))
  const trips = await listTripsByIds(tx, [...roles.keys()])
  const counts = await countMembers(tx, [...roles.keys()])
  return trips
    .filter((trip) => withArchived || !trip.is_archived)
    .map((trip) => ({ ...trip, role: roles.get(trip.id) ?? 'member', member_count: counts.get(trip.id) ?? 0 }))
}

// Ids are bound in lists of a few lengths, so that the database prepares few statements.
async function listTripsByIds(tx: ReadTx, ids: readonly number[]): Promise<TripRow[]> {
  const rows: TripRow[] = []
  for (const some of inChunks(ids)) rows.push(...(await tx.list(Trip, { id: some })))
  return rows.sort((a, b) => b.id - a.id)
}

const CHUNK = 50

function inChunks(ids: readonly number[]): number[][] {
  const chunks: number[][] = []
  for (let start = 0; start < ids.length; start += CHUNK) {
    const chunk = ids.slice(start, start + CHUNK)
    while (chunk.length < CHUNK) chunk.push(chunk[0] as number)
    chunks.push(chunk)
  }
  return chunks
}

export async function countMembers(tx: ReadTx, tripIds: readonly number[]): Promise<Map<number, number>> {
  const counts = new Map<number, number>()
  for (const some of inChunks(tripIds)) {
    for (const { trip_id } of await tx.list(TripMember, { trip_id: some })) {
      counts.set(trip_id, (counts.get(trip_id) ?? 0) + 1)
    }
  }
  return counts
}

export const insertTrip = (tx: Tx, values: Values<typeof Trip>): Promise<TripRow> => tx.insert(Trip, values)

export const patchTrip = (tx: Tx, trip: TripRow, patch: Values<typeof Trip>): Promise<TripRow> =>
  tx.patch(Trip, trip, patch)

export const removeTrip = (tx: Tx, trip: TripRow): Promise<void> => tx.remove(Trip, trip)

/** The members of a trip, the owner first, then as they came. */
export const listMembers = async (tx: ReadTx, tripId: number): Promise<TripMemberRow[]> =>
  tx.list(TripMember, { trip_id: tripId }, ['role desc', 'added_at'])

export const findMember = (tx: ReadTx, tripId: number, userId: number): Promise<TripMemberRow | null> =>
  tx.find(TripMember, { trip_id: tripId, user_id: userId })

export const insertMember = (tx: Tx, values: Values<typeof TripMember>): Promise<TripMemberRow> =>
  tx.insert(TripMember, values)

export const patchMember = (tx: Tx, member: TripMemberRow, patch: Values<typeof TripMember>): Promise<TripMemberRow> =>
  tx.patch(TripMember, member, patch)

export const listInvitedBy = (tx: ReadTx, userId: number): Promise<TripMemberRow[]> =>
  tx.list(TripMember, { invited_by: userId })

export const removeMember = (tx: Tx, member: TripMemberRow): Promise<void> => tx.remove(TripMember, member)

/** The trips somebody is in, for what happens when their account goes. */
export const listMemberships = (tx: ReadTx, userId: number): Promise<TripMemberRow[]> =>
  tx.list(TripMember, { user_id: userId })
