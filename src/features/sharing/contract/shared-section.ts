import type { z } from 'zod'
import type { Addon } from '../../../core/declare/operation.ts'

/** A part of a trip that the maker of a share link can show or hide: a column of `share_links`. */
export interface ShareOption<Name extends `share_${string}` = `share_${string}`> {
  readonly name: Name
  /** Its place among the options, lowest first; neighbours are ten apart. */
  readonly order: number
  /** Whether a new link shows it. */
  readonly usual: boolean
  /** What an assistant must know about it. */
  readonly says: string
  /** The add-on it requires. */
  readonly addon?: Addon
}

/**
 * Declares one in `contract/shared.ts` of its feature; a migration of that feature adds the column.
 * `npm run generate` finds it there. Its texts are in `sharing.part` and `sharing.note`.
 */
export const shareOption = <Name extends `share_${string}`>(declared: ShareOption<Name>): ShareOption<Name> => declared

/**
 * A section of what a share link shows. A link never reveals anything that its shape does not declare: no confirmation
 * numbers, no booking notes, no debts, no messages and no names of people.
 */
export interface SharedSection<Name extends string = string, Shape extends z.ZodType = z.ZodType> {
  readonly name: Name
  /** Its place in the answer, lowest first; neighbours are ten apart. */
  readonly order: number
  /** The option that shows it. */
  readonly option: ShareOption
  readonly shape: Shape
}

/** Declares one in `contract/shared.ts`; the server side of the feature fills it with `showSection`. */
export const sharedSection = <Name extends string, Shape extends z.ZodType>(
  declared: SharedSection<Name, Shape>,
): SharedSection<Name, Shape> => declared
