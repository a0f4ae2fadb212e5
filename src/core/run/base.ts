import type { Base, Guard } from '../data/base.ts'
import type { Batch, RowChange, Since, WriteTx } from '../data/database.ts'
import { isErased } from '../data/erasing.ts'
import type { CanSee, Viewer } from '../data/space.ts'
import type { AnyEntity, Field } from '../declare/entity.ts'
import type { TrekError } from '../declare/errors.ts'
import { messages } from './messages.ts'
import { titleOf } from './title.ts'

/**
 * Nobody overwrites what they have not seen. A write can state its base. Changes of others since then are compared
 * field by field. If they do not overlap, both are kept.
 */

/** The most changes to compare; a client that is further behind must reload first. */
export const MOST_BEHIND = 5000

const BASE = /^\s*(\d{1,15})\s*(?:;\s*epoch="?([\w-]{1,100})"?\s*)?$/

/** The base as sent by a client: `41`, or `41; epoch="…"`. */
export function baseOf(value: unknown, where: string): Base | undefined {
  if (value === undefined || value === null) return undefined
  const [, seq, epoch] = BASE.exec(String(value)) ?? []
  if (seq === undefined) {
    throw messages.invalidBase({ where })
  }
  return { seq: Number(seq), epoch: epoch ?? null }
}

/** One field with conflicting changes, as reported in the error. */
interface Overlap {
  readonly entity: string
  readonly id: number
  readonly title: string | null
  readonly field: string
  /** The inputs of the call that set the field. */
  readonly inputs: readonly string[]
  readonly was: unknown
  readonly is: unknown
  readonly wanted: unknown
  readonly by: { readonly user_id: number; readonly name: string }
  readonly client: string | null
  readonly at: string
  readonly seq: number
}

/** A change by another person, and its author. */
interface Later {
  readonly change: RowChange
  readonly batch: Pick<Batch, 'at' | 'by' | 'seq' | 'commit'>
}

interface Watched {
  readonly tx: Pick<WriteTx, 'changesOfRow' | 'removalsSince'>
  /** The changes that the client has not seen, without its own. */
  readonly since: Since
  readonly viewer: Viewer
  readonly canSee: (entity: string) => CanSee | undefined
  readonly input: Record<string, unknown>
  /** The number to send with the next attempt. */
  readonly head: number
}

/** Rejects a base that cannot be compared with the current rows. */
export function outOfDate(head: number): TrekError {
  return messages.baseTooOld({ details: { seq: head } })
}

export class BaseGuard implements Guard {
  readonly #watched: Watched

  constructor(watched: Watched) {
    this.#watched = watched
  }

  async patch(
    entity: AnyEntity,
    before: Record<string, unknown>,
    patch: Record<string, unknown>,
  ): Promise<Record<string, unknown>> {
    const later = await this.#laterOf(entity, before)
    if (!later.length) return patch
    const { input } = this.#watched
    const written = { ...patch }
    // Only fields set by the input are compared, and sets, whose input can have another name.
    const meant = Object.keys(patch).filter(
      (field) =>
        patch[field] !== undefined &&
        (isSet(entity, field) || namesOf(entity, field).some((name) => input[name] !== undefined)),
    )
    const theirs = this.#fieldsOf(entity, later, before)
    const mine = new Set<string>()
    for (const field of meant) {
      const change = theirs.get(field)
      if (change && isSet(entity, field)) {
        written[field] = merged(change.was as unknown[], before[field] as unknown[], patch[field] as unknown[])
      } else if (change && same(patch[field], change.was)) {
        // A client can send unchanged fields. A field that equals its value at the base is no change, so the newer
        // value stays.
        delete written[field]
      } else if (!same(patch[field], before[field])) mine.add(field)
    }
    const overlapping = [...theirs].filter(
      ([field]) => mine.has(field) || together(entity, field).some((other) => mine.has(other)),
    )
    if (!overlapping.length) return written
    const inputsOf = (field: string) =>
      [...new Set([field, ...together(entity, field)])]
        .filter((one) => mine.has(one))
        .flatMap((one) => namesOf(entity, one))
        .filter((name) => input[name] !== undefined)
    throw this.#overlap(
      overlapping.map(([field, theirs]) => ({
        ...overlapOf(entity, before, field, theirs),
        inputs: inputsOf(field),
        wanted: mine.has(field) ? patch[field] : theirs.was,
      })),
    )
  }

  async remove(entity: AnyEntity, before: Record<string, unknown>): Promise<void> {
    // Rows that are removed along with the named row are not checked.
    if (!this.#isNamed(entity.name, before.id as number)) return
    const changed = [...this.#fieldsOf(entity, await this.#laterOf(entity, before), before)]
    if (!changed.length) return
    throw this.#overlap(changed.map(([field, theirs]) => overlapOf(entity, before, field, theirs)))
  }

  /** The error for a named row that was removed since; null if this person could not have seen it. */
  async removed(): Promise<TrekError | null> {
    const { viewer, canSee, tx, since } = this.#watched
    const ids = this.#named().map(({ id }) => id)
    for (const { change, batch } of each(await tx.removalsSince(since, ids))) {
      // The row was erased, so it is unknown who could see it.
      if (isErased(change) || !this.#isNamed(change.entity, change.row_id)) continue
      const rule = canSee(change.entity)
      if (rule && !rule(change.before as never, viewer)) continue
      const who = whoDid(batch)
      const removed = {
        entity: change.entity,
        id: change.row_id,
        title: titleOf(change.before ?? {}),
        commit: batch.commit.id,
        ...who,
        at: batch.at,
      }
      const remover = who.client ?? (who.by.name || messages.somebody())
      return messages.removedMeanwhile({ who: remover }, { details: { removed, seq: this.#watched.head } })
    }
    return null
  }

  /**
   * What others changed in a row, by field: the value at the base, and the last author. Contains only what this person
   * can see, without fields that have their old value again.
   */
  #fieldsOf(of: AnyEntity, later: readonly Later[], now: Record<string, unknown>): Map<string, Theirs> {
    const { viewer, canSee } = this.#watched
    const theirs = new Map<string, Theirs>()
    for (const one of later) {
      const { action, after } = one.change
      // A row inserted since then that the input does not name: it belongs to the named row.
      const isNew = action === 'insert' && !this.#isNamed(of.name, now.id as number)
      const before = isNew ? {} : one.change.before
      if ((action !== 'patch' && !isNew) || !before || !after) continue
      const rule = canSee(of.name)
      if (rule && !rule((isNew ? after : before) as never, viewer)) continue
      for (const field of Object.keys(after)) {
        // A position in a list is not compared: a move names its neighbours instead.
        if (of.computed?.includes(field) || same(before[field], after[field])) continue
        theirs.set(field, { was: theirs.has(field) ? theirs.get(field)?.was : (before[field] ?? null), later: one })
      }
    }
    for (const [field, { was }] of theirs) if (same(was, now[field])) theirs.delete(field)
    return theirs
  }

  /** The changes of a row by others. */
  async #laterOf(entity: AnyEntity, { id }: Record<string, unknown>): Promise<Later[]> {
    const { tx, since } = this.#watched
    return each(await tx.changesOfRow(since, { entity: entity.name, id: id as number }))
  }

  /** The ids of rows in the input, with the word before `Id`: `place` in `placeId`, `item` in `itemId`. */
  #named(): { word: string; id: number }[] {
    const { input, since } = this.#watched
    return Object.entries(input).flatMap(([key, value]) =>
      key.endsWith('Id') && key !== `${since.space.space}Id` && typeof value === 'number'
        ? [{ word: key.slice(0, -2), id: value }]
        : [],
    )
  }

  /** Whether the input names this row. Rows of different kinds can have the same number. */
  #isNamed(entity: string, row: number): boolean {
    return this.#named().some(({ word, id }) => id === row && (word === 'item' || entity.endsWith(word)))
  }

  #overlap(conflicts: readonly Overlap[]): TrekError {
    const who = [...new Set(conflicts.map(({ by, client }) => client ?? by.name))]
    const fields = [...new Set(conflicts.map(({ field }) => field))]
    return messages.changedMeanwhile({ who, fields }, { details: { conflicts, seq: this.#watched.head } })
  }
}

const each = (batches: readonly Batch[]): Later[] =>
  batches.flatMap((batch) => batch.changes.map((change) => ({ change, batch })))

/** The value of a field before the changes of others, and the last such change. */
interface Theirs {
  readonly was: unknown
  readonly later: Later
}

const overlapOf = (
  entity: AnyEntity,
  row: Record<string, unknown>,
  field: string,
  { was, later: { batch } }: Theirs,
): Overlap => ({
  entity: entity.name,
  id: row.id as number,
  title: titleOf(row),
  field,
  inputs: [],
  was,
  is: row[field],
  wanted: null,
  ...whoDid(batch),
  at: batch.at,
  seq: batch.seq,
})

/** The author of a change: a person, and their assistant if one acted. The name of a token means nothing to others. */
const whoDid = ({ by }: Later['batch']): Pick<Overlap, 'by' | 'client'> => ({
  by: { user_id: by.user_id, name: by.name },
  client: by.way === 'mcp' ? by.client : null,
})

/** The inputs that set a field. */
const namesOf = (entity: AnyEntity, field: string): readonly string[] => [
  field,
  ...((entity.fields[field] as Field | undefined)?.setBy ?? []),
]

const isSet = (entity: AnyEntity, field: string): boolean => (entity.fields[field] as Field | undefined)?.set ?? false

const together = ({ together }: AnyEntity, field: string): readonly string[] =>
  together?.find((group) => group.includes(field)) ?? []

/** A set with the additions and removals of both. */
function merged(was: readonly unknown[], is: readonly unknown[], mine: readonly unknown[]): unknown[] {
  const has = (list: readonly unknown[], one: unknown) => list.some((other) => same(one, other))
  const remaining = is.filter((one) => has(mine, one) || !has(was, one))
  return [...remaining, ...mine.filter((one) => !has(was, one) && !has(is, one))]
}

const same = (a: unknown, b: unknown): boolean =>
  a === b || (typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b))
