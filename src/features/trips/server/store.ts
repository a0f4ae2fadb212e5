import { sql } from 'kysely'
import { decode } from '../../../core/data/storage.ts'
import type { ReadTx, Tx } from '../../../core/data/tx.ts'
import type { LoggedCommit } from '../../../core/data/undoing.ts'
import type { Row, Values } from '../../../core/declare/entity.ts'
import { TrekError } from '../../../core/declare/errors.ts'
import { AT_ONCE } from '../../../core/run/paging.ts'
import { Trip, type TripCard, TripMember } from '../contract/index.ts'
import { messages } from '../contract/messages.ts'

export type TripRow = Row<typeof Trip>
export type TripMemberRow = Row<typeof TripMember>

export const findTrip = (tx: ReadTx, tripId: number): Promise<TripRow | null> => tx.find(Trip, { id: tripId })

/** The trip the caller was given access to. */
export async function getTrip(tx: ReadTx, tripId: number): Promise<TripRow> {
  const trip = await findTrip(tx, tripId)
  if (!trip) throw noSuchTrip()
  return trip
}

export const noSuchTrip = (): TrekError => new TrekError('not_found', messages.noTrip())

/** The caller's trips with their role and the number of members, in no particular order; null if there are many. */
export async function fewTripCards(tx: ReadTx, userId: number): Promise<TripCard[] | null> {
  const cards = await tripCards(tx, userId, null)
  return cards.length > AT_ONCE ? null : cards
}

/** The caller's trips with these ids. */
export const tripCardsById = (tx: ReadTx, userId: number, ids: readonly number[]): Promise<TripCard[]> =>
  tripCards(tx, userId, ids)

/** The ids of the caller's trips, with the fields they are sorted by. */
export async function listTripMarks(tx: ReadTx, userId: number): Promise<TripMark[]> {
  const rows = await tx.ask('trip marks', [userId], (db) =>
    db
      .selectFrom('trip_members as mine')
      .innerJoin('trips', 'trips.id', 'mine.trip_id')
      .select(['trips.id', 'start_date', 'end_date', 'is_archived'])
      .where('mine.user_id', '=', userId),
  )
  return rows as unknown as TripMark[]
}

export type TripMark = Pick<TripRow, 'id' | 'start_date' | 'end_date'> & { readonly is_archived: boolean | number }

/** Somebody's trips with these ids; without ids, at most one more than are read at once. */
async function tripCards(tx: ReadTx, userId: number, ids: readonly number[] | null): Promise<TripCard[]> {
  const rows = await tx.ask(`trip cards ${ids?.length}`, [userId, ...(ids ?? [])], (db) =>
    db
      .selectFrom('trip_members as mine')
      .innerJoin('trips', 'trips.id', 'mine.trip_id')
      .selectAll('trips')
      .select('mine.role')
      .select(({ selectFrom }) =>
        selectFrom('trip_members as all')
          .whereRef('all.trip_id', '=', 'mine.trip_id')
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .as('member_count'),
      )
      .where('mine.user_id', '=', userId)
      .$if(ids === null, (all) => all.limit(sql.lit(AT_ONCE + 1)))
      .$if(ids !== null, (all) => all.where('trips.id', 'in', ids ?? [])),
  )
  return rows.map((row) => ({
    ...decode(Trip, row),
    // A guest never calls.
    role: row.role as TripCard['role'],
    member_count: Number(row.member_count),
  }))
}

export const countMembers = (tx: ReadTx, tripId: number): Promise<number> => tx.count(TripMember, { trip_id: tripId })

export const insertTrip = (tx: Tx, values: Values<typeof Trip>): Promise<TripRow> => tx.insert(Trip, values)

export const patchTrip = (tx: Tx, trip: TripRow, patch: Values<typeof Trip>): Promise<TripRow> =>
  tx.patch(Trip, trip, patch)

export const removeTrip = (tx: Tx, trip: TripRow): Promise<void> => tx.remove(Trip, trip)

/** The people of a trip: the owner, then the members in the order they joined, then the guests. */
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

/** All memberships of somebody, for the deletion of their account. */
export const listMemberships = (tx: ReadTx, userId: number): Promise<TripMemberRow[]> =>
  tx.list(TripMember, { user_id: userId })

/** A deleted trip whose content is still in the change log. */
export interface DeletedTrip {
  /** The trip as it was when it was deleted. */
  readonly trip: TripRow
  /** The commit that deleted it. */
  readonly deletion: LoggedCommit
  /** The number of the change that removed it. */
  readonly seq: number
  /** The name of whoever deleted it; null if the account is gone. */
  readonly deletedBy: string | null
}

interface WhichDeleted {
  readonly tripId?: number
  /** Who owned the trip when it was deleted. */
  readonly ownerId?: number
  readonly after?: string
  readonly until?: string
}

/** Deleted trips, the last deleted first. */
export async function listDeletedTrips(
  tx: ReadTx,
  { tripId, ownerId, after = '', until }: WhichDeleted,
): Promise<DeletedTrip[]> {
  const rows = await lastDeletions(tx)
    .where('changes.at', '>', after)
    .$if(tripId !== undefined, (query) => query.where('changes.row_id', '=', tripId as number))
    .$if(until !== undefined, (query) => query.where('changes.at', '<=', until as string))
    .orderBy('changes.at', 'desc')
    .execute()
  return rows.map(deletedTrip).filter(({ trip }) => ownerId === undefined || trip.user_id === ownerId)
}

/** The last deletions of trips that do not exist now. */
const lastDeletions = (tx: ReadTx) =>
  tx
    .selectFrom('changes')
    .leftJoin('trips', 'trips.id', 'changes.row_id')
    .leftJoin('users', 'users.id', 'changes.user_id')
    .select([
      'changes.before',
      'changes.seq',
      'changes.commit_id',
      'changes.home_space',
      'changes.home_id',
      'changes.at',
    ])
    .select(['changes.user_id', 'changes.way', 'changes.client', 'changes.grant_id', 'changes.operation'])
    .select('users.name as user_name')
    // Literals, since otherwise SQLite does not use the index of deleted trips.
    .where('changes.entity', '=', sql.lit(Trip.name))
    .where('changes.action', '=', sql.lit('remove'))
    .where('changes.before', 'is not', null)
    .where('trips.id', 'is', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('changes as later')
            .select('later.seq')
            .whereRef('later.entity', '=', 'changes.entity')
            .whereRef('later.row_id', '=', 'changes.row_id')
            .whereRef('later.space', '=', 'changes.space')
            .whereRef('later.space_id', '=', 'changes.space_id')
            .whereRef('later.seq', '>', 'changes.seq'),
        ),
      ),
    )

function deletedTrip(row: Awaited<ReturnType<ReturnType<typeof lastDeletions>['execute']>>[number]): DeletedTrip {
  const { before, seq, commit_id, home_space, home_id, at, user_name, user_id, way, client, grant_id, operation } = row
  return {
    trip: JSON.parse(before as string),
    deletion: {
      id: commit_id,
      home: { space: home_space, id: home_id },
      at,
      by: { user_id, way, client, grant: grant_id, operation },
    },
    seq,
    deletedBy: user_name,
  }
}

/** Whether this is or was the cover of the trip. */
export async function hasHadCover(tx: ReadTx, tripId: number, cover: string): Promise<boolean> {
  if ((await tx.find(Trip, { id: tripId }))?.cover_image === cover) return true
  const changes = await tx
    .selectFrom('changes')
    .select(['before', 'after'])
    .where('space', '=', 'trip')
    .where('space_id', '=', tripId)
    .where('entity', '=', Trip.name)
    .execute()
  const covers = changes
    .flatMap(({ before, after }) => [before, after])
    .map((row) => row && JSON.parse(row).cover_image)
  return covers.includes(cover)
}

declare module '../../../core/data/tx.ts' {
  interface Tables {
    trips: { id: number; start_date: string | null; end_date: string | null; is_archived: boolean | number }
    trip_members: { trip_id: number; user_id: number; role: TripMemberRow['role'] }
  }
}
