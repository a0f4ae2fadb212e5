import type { z } from 'zod'
import type { ReadTx } from '../../../core/data/tx.ts'
import type { AnyOperation } from '../../../core/declare/operation.ts'
import { type HookListener, hook, onHook } from '../../../core/run/feature.ts'
import type { SharedSection, ShareOption } from '../contract/shared-section.ts'

/** A section that a share link shows. */
interface Shown {
  readonly name: string
  readonly option: ShareOption
  /** The operation by which members read the same; its scope is required. */
  readonly reads: AnyOperation
  value(): Promise<unknown>
}

/** What a share link shows of a trip, section by section; null for a section that it does not show. */
export const tripShared = hook<{ tripId: number; shows(option: ShareOption): boolean }, Shown | null, ReadTx>(
  'trip_shared',
)

/**
 * Fills a section for anybody with the link, so it must only contain what every member sees.
 * `reads` is the operation by which members read the same: its add-on must be on, and the maker of the link must have
 * its scope.
 */
export const showSection = <Shape extends z.ZodType>(
  { name, option }: SharedSection<string, Shape>,
  read: (tx: ReadTx, tripId: number) => Promise<z.input<Shape>>,
  reads: AnyOperation,
): HookListener =>
  onHook(tripShared, async ({ tx, barred }, { tripId, shows }) => {
    // The visitor has no scopes, so this checks only whether the add-on is on.
    const isOff = barred({ ...reads, scope: null }) !== null
    return shows(option) && !isOff ? { name, option, reads, value: () => read(tx, tripId) } : null
  })
