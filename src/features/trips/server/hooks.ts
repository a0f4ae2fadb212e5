import type { ReadTx } from '../../../core/data/tx.ts'
import type { AnyEntity } from '../../../core/declare/entity.ts'
import type { AnyOperation } from '../../../core/declare/operation.ts'
import { type HookListener, hook, onHook } from '../../../core/run/feature.ts'
import type { SectionName } from '../contract/sections.ts'
import type { TripRow } from './store.ts'

/** What happens to a whole trip. Each feature answers for its own rows. */

/** A trip was created: it needs as many days as it lasts. */
export const tripCreated = hook<{ trip: TripRow; dayCount: number }>('trip_created', {
  consequence: 'A trip has days from the beginning.',
})

/** The dates of a trip were changed to those of `trip`. */
export const tripDatesChanged = hook<{
  trip: TripRow
  shrink: 'refuse' | 'keep_undated' | 'delete'
  /** Whether what is booked keeps its own dates, or moves with the day it is on. */
  shift: 'keep_bookings' | 'shift_all'
}>('trip_dates_changed', { consequence: 'The days of a trip are those of its dates.' })

/** How many days a trip has. */
export const tripLength = hook<{ tripId: number }, number>('trip_length')

/** A trip is about to be deleted: remove what you have of it. */
export const tripDeleted = hook<{ tripId: number }>('trip_deleted', {
  dependentsFirst: true,
  consequence: 'All that is in a trip goes with it.',
  erases: ({ tripId }) => ({ space: 'trip', id: tripId }),
})

/** Somebody is no longer in a trip: take them out of what they were named in. */
export const memberRemoved = hook<{ tripId: number; userId: number }>('member_removed', {
  consequence: 'What names somebody lets go of who has left.',
})

/** The making of a copy of a trip. What stands on other rows is copied after them, so that their copies are known. */
export interface TripCopy {
  /** The trip that is copied. */
  readonly from: number
  /** The new one, which belongs to `userId`. */
  readonly trip: TripRow
  /** Who copies: what they cannot see is not copied. */
  readonly userId: number
  /** Notes which row is the copy of which. */
  became(entity: AnyEntity, id: number, copyId: number): void
  /** The copy of a row; null for null, and for a row that was not copied. */
  copyOf(entity: AnyEntity, id: number | null): number | null
  /** Who stands for a person in the copy: themselves if they are in it, otherwise a guest of their name. */
  person(userId: number): Promise<number>
}

/** A trip is being copied: copy what you have of it. */
export const tripCopied = hook<TripCopy>('trip_copied', { consequence: 'A copy has what the trip has.' })

/** One section of the whole trip. */
export interface Section {
  readonly name: string
  /** Whether the summary has it too; all others are lists that are read by themselves. */
  readonly inSummary: boolean
  /** Why the caller does not get it, or null. */
  readonly omitted: string | null
  /** All of it. */
  read(): Promise<unknown>
}

/** Everything there is to say of a trip, section by section. */
export const tripSections = hook<{ tripId: number }, Section, ReadTx>('trip_sections')

type ReadSection = (tx: ReadTx, tripId: number, userId: number) => Promise<unknown>

/** A section of the summary, for callers who could also call the operation that reads it. */
export const summarySection = (name: string, reads: AnyOperation, read: ReadSection): HookListener =>
  section(name, reads, read, true)

/** A list that is read by itself, for callers who could also call the operation that reads it. */
export const listSection = (name: SectionName, reads: AnyOperation, read: ReadSection): HookListener =>
  section(name, reads, read, false)

const section = (name: string, reads: AnyOperation, read: ReadSection, inSummary: boolean): HookListener =>
  onHook(tripSections, async ({ tx, caller, barred }, { tripId }) => ({
    name,
    inSummary,
    omitted: barred(reads)?.text ?? null,
    read: () => read(tx, tripId, caller.userId),
  }))
