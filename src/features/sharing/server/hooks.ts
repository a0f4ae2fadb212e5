import type { z } from 'zod'
import type { ReadTx } from '../../../core/data/tx.ts'
import type { AnyOperation } from '../../../core/declare/operation.ts'
import { type HookListener, hook, onHook } from '../../../core/run/feature.ts'
import type { SharedSection, ShareOption } from '../contract/shared-section.ts'

/** A section that a share link shows. */
interface Shown {
  readonly name: string
  readonly option: ShareOption
  /** By which members read the same: it needs the scope of this. */
  readonly reads: AnyOperation
  value(): Promise<unknown>
}

/** What a share link shows of a trip, section by section; null where it does not show one. */
export const tripShared = hook<{ tripId: number; shows(option: ShareOption): boolean }, Shown | null, ReadTx>(
  'trip_shared',
)

/**
 * Fills a section for whoever has the link. They are nobody: what is not every member's own does not belong in it.
 * `reads` is how members read the same: its add-on must be on, and whoever makes the link must hold its scope.
 */
export const showSection = <Shape extends z.ZodType>(
  { name, option }: SharedSection<string, Shape>,
  read: (tx: ReadTx, tripId: number) => Promise<z.input<Shape>>,
  reads: AnyOperation,
): HookListener =>
  onHook(tripShared, async ({ tx, barred }, { tripId, shows }) => {
    // Nobody holds a scope: what is asked is whether the add-on is on.
    const isOff = barred({ ...reads, scope: null }) !== null
    return shows(option) && !isOff ? { name, option, reads, value: () => read(tx, tripId) } : null
  })
