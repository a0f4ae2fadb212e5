import type { z } from 'zod'
import type { ReadTx } from '../../../core/data/tx.ts'
import type { AnyOperation } from '../../../core/declare/operation.ts'
import { type Answer, answer, hook } from '../../../core/run/feature.ts'
import type { SharedSection, ShareOption } from '../contract/shared-section.ts'

/** What a share link shows of a trip, section by section; null where it does not show one. */
export const tripShared = hook<
  { tripId: number; shows(option: ShareOption): boolean },
  { readonly name: string; readonly value: unknown } | null,
  ReadTx
>('trip_shared')

/**
 * Fills a section for whoever has the link. They are nobody: what is not every member's own does not belong in it.
 * `reads` says whose add-on must be on.
 */
export const showSection = <Shape extends z.ZodType>(
  { name, option }: SharedSection<string, Shape>,
  read: (tx: ReadTx, tripId: number) => Promise<z.input<Shape>>,
  reads?: AnyOperation,
): Answer =>
  answer(tripShared, async ({ tx, barred }, { tripId, shows }) => {
    // Nobody holds a scope: what is asked is whether the add-on is on.
    const isOff = reads !== undefined && barred({ ...reads, scope: null }) !== null
    return shows(option) && !isOff ? { name, value: await read(tx, tripId) } : null
  })
