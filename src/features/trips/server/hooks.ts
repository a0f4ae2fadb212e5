import type { ReadTx } from '../../../core/data/tx.ts'
import type { AnyEntity } from '../../../core/declare/entity.ts'
import type { AnyOperation } from '../../../core/declare/operation.ts'
import { type HookListener, hook, onHook } from '../../../core/run/feature.ts'
import type { SectionName } from '../contract/sections.ts'
import type { TripRow } from './store.ts'

/** Events of a whole trip. Each feature handles its own rows. */

/** A trip was created; it needs its days. */
export const tripCreated = hook<{ trip: TripRow; dayCount: number }>('trip_created', {
  consequence: 'A trip has days from the beginning.',
})

/** The dates of a trip were changed to those of `trip`. */
export const tripDatesChanged = hook<{
  trip: TripRow
  shrink: 'refuse' | 'keep_undated' | 'delete'
  /** Whether bookings keep their own dates or move with their day. */
  shift: 'keep_bookings' | 'shift_all'
}>('trip_dates_changed', { consequence: 'The days of a trip are those of its dates.' })

/** How many days a trip has. */
export const tripLength = hook<{ tripId: number }, number>('trip_length')

/** A trip is about to be deleted; listeners remove their rows of it. */
export const tripDeleted = hook<{
  tripId: number
  /** Whether the trip can come back: its content then stays in the change log. */
  restorable: boolean
}>('trip_deleted', {
  dependentsFirst: true,
  consequence: 'All that is in a trip goes with it.',
  erases: ({ tripId, restorable }) => (restorable ? null : { space: 'trip', id: tripId }),
})

/** Somebody is no longer in a trip; references to them must be cleared. */
export const memberRemoved = hook<{ tripId: number; userId: number }>('member_removed', {
  consequence: 'What names somebody lets go of who has left.',
})

/** The state of copying a trip. A row is copied after those it refers to, so that their copies are known. */
export interface TripCopy {
  /** The original trip. */
  readonly from: number
  /** The new trip, which belongs to `userId`. */
  readonly trip: TripRow
  /** The copying person; rows they cannot see are not copied. */
  readonly userId: number
  /** Records which row is the copy of which. */
  became(entity: AnyEntity, id: number, copyId: number): void
  /** The copy of a row; null for null, and for a row that was not copied. */
  copyOf(entity: AnyEntity, id: number | null): number | null
  /** The person in the copy: themselves if they are in it, otherwise a guest with their name. */
  person(userId: number): Promise<number>
}

/** A trip is being copied; listeners copy their rows of it. */
export const tripCopied = hook<TripCopy>('trip_copied', { consequence: 'A copy has what the trip has.' })

/** One section of the whole trip. */
export interface Section {
  readonly name: string
  /** Whether it is part of the summary; the others are lists that are read separately. */
  readonly inSummary: boolean
  /** Why the caller does not get it, or null. */
  readonly omitted: string | null
  /** The whole section. */
  read(): Promise<unknown>
}

/** All sections of a trip. */
export const tripSections = hook<{ tripId: number }, Section, ReadTx>('trip_sections')

type ReadSection = (tx: ReadTx, tripId: number, userId: number) => Promise<unknown>

/** A section of the summary, for callers who may call the operation that reads it. */
export const summarySection = (name: string, reads: AnyOperation, read: ReadSection): HookListener =>
  section(name, reads, read, true)

/** A list that is read separately, for callers who may call the operation that reads it. */
export const listSection = (name: SectionName, reads: AnyOperation, read: ReadSection): HookListener =>
  section(name, reads, read, false)

const section = (name: string, reads: AnyOperation, read: ReadSection, inSummary: boolean): HookListener =>
  onHook(tripSections, async ({ tx, caller, barred }, { tripId }) => ({
    name,
    inSummary,
    omitted: barred(reads)?.text ?? null,
    read: () => read(tx, tripId, caller.userId),
  }))
