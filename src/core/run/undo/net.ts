import { isErased } from '../../data/erasing.ts'
import type { SpaceRef } from '../../data/space.ts'
import type { CommittedChange } from '../../data/undoing.ts'
import type { Catalogue, OwnedEntity } from '../catalogue.ts'

export type Image = Readonly<Record<string, unknown>>

/** The net effect of one commit on one row. */
export interface NetChange {
  readonly bound: OwnedEntity
  readonly id: number
  readonly space: SpaceRef
  /** What undoing it does to the row. */
  readonly undo: 'remove' | 'revive' | 'restore'
  /** The row before the commit and after it; null where it did not exist. */
  readonly before: Image | null
  readonly after: Image | null
  /** The position of the decisive change in the commit. */
  readonly nth: number
  /** The number of the last change of the row by this commit. */
  readonly seq: number
  /** Whether the log has lost its content. */
  readonly erased: boolean
}

/**
 * The net changes of a commit, in the order in which they must be undone. A row that is logged in two spaces counts once,
 * in the space of its entity. Rows of entities that no longer exist are left out.
 */
export function netChanges(catalogue: Catalogue, changes: readonly CommittedChange[]): NetChange[] {
  const rows = Map.groupBy(
    changes.filter(({ entity, space }) => catalogue.entities.get(entity)?.entity.space === space.space),
    ({ entity, row_id }) => `${entity} ${row_id}`,
  )
  return [...rows.values()].flatMap((all) => netChange(catalogue, all) ?? []).sort((a, b) => b.nth - a.nth)
}

function netChange(catalogue: Catalogue, changes: readonly CommittedChange[]): NetChange | null {
  const [first, last] = [changes[0], changes.at(-1)]
  const bound = first && catalogue.entities.get(first.entity)
  if (!bound || !last) return null
  const [inserted, removed] = [first.action === 'insert', last.action === 'remove']
  if (inserted && removed) return null
  return {
    bound,
    id: first.row_id,
    space: first.space,
    undo: inserted ? 'remove' : removed ? 'revive' : 'restore',
    before: inserted ? null : first.before,
    after: removed ? null : last.after,
    // A row is removed after the rows that were added later and may refer to it.
    nth: inserted ? first.nth : last.nth,
    seq: last.seq,
    erased: changes.some(isErased),
  }
}
