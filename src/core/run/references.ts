import type { SpaceRef } from '../data/space.ts'
import type { ReadTx } from '../data/tx.ts'
import type { Catalogue } from './catalogue.ts'

/**
 * Which of these ids exist: of members of the space, or of an entity. Rows of an entity of the same space must be in
 * this space.
 */
export async function idsThere(
  catalogue: Catalogue,
  tx: ReadTx,
  space: SpaceRef,
  to: string,
  ids: readonly number[],
): Promise<ReadonlySet<number>> {
  if (to === 'member') return new Set(await catalogue.spaces.get(space.space)?.people(tx, space.id))
  const bound = catalogue.entities.get(to)
  if (!bound) throw new Error(`There is no entity ${to}`)
  const { entity } = bound
  const own = entity.space === space.space && entity.spaceKey !== null && { [entity.spaceKey]: space.id }
  const rows = (await tx.list(entity, { ...own, id: ids })) as { id: number }[]
  return new Set(rows.map((row) => row.id))
}

/** The ids in a reference field: one, a list of ids or of people, or the keys of a record. */
export function idsIn(value: unknown): number[] {
  if (typeof value === 'number') return [value]
  if (Array.isArray(value)) return value.flatMap((one) => idsIn(one?.user_id ?? one))
  return value ? Object.keys(value).map(Number) : []
}
