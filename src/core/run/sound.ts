import type { SpaceRef } from '../data/space.ts'
import type { ReadTx } from '../data/tx.ts'
import type { Catalogue } from './catalogue.ts'
import { type Call, type HookListener, hook, onHook } from './feature.ts'
import { idsIn, idsThere } from './references.ts'

/** A row that breaks a rule, with the reason as text. */
export interface Unsound {
  readonly entity: string
  readonly id: number
  readonly says: string
}

/** Finds rows of a space that break a rule beyond single fields. Each feature checks its own. */
const unsoundRows = hook<SpaceRef, readonly Unsound[], ReadTx>('unsound_rows')

type Asking = Pick<Call<unknown, unknown, ReadTx>, 'tx' | 'emit'>

/** Checks the rows of this feature in spaces of this name. */
export const sound = (space: string, check: (call: Asking, id: number) => Promise<readonly Unsound[]>): HookListener =>
  onHook(unsoundRows, async (call, ref) => (ref.space === space ? check(call, ref.id) : []))

/**
 * The invalid rows of a space: those with dangling references, and those that break a rule of their feature. Writes
 * keep the rules themselves; call this after restoring old rows.
 */
export async function unsoundIn(catalogue: Catalogue, { tx, emit }: Asking, space: SpaceRef): Promise<Unsound[]> {
  return [...(await dangling(catalogue, tx, space)), ...(await emit(unsoundRows, space)).flat()]
}

interface Reference extends Omit<Unsound, 'says'> {
  readonly field: string
  readonly to: string
  readonly toId: number
}

async function dangling(catalogue: Catalogue, tx: ReadTx, { space, id }: SpaceRef): Promise<Unsound[]> {
  const references: Reference[] = []
  for (const { entity, key } of catalogue.entitiesOf(space)) {
    const rows = await tx.list(entity, key === null ? {} : { [key]: id })
    for (const row of rows as Record<string, unknown>[]) {
      for (const [field, to] of Object.entries(entity.refs ?? {})) {
        // A foreign key checks that a user exists. A feature that keeps user ids in JSON checks them itself.
        if (to === 'outside' || to === 'user') continue
        for (const toId of idsIn(row[field])) {
          references.push({ entity: entity.name, id: row.id as number, field, to, toId })
        }
      }
    }
  }
  const broken: Unsound[] = []
  for (const [to, all] of Map.groupBy(references, (reference) => reference.to)) {
    const ids = [...new Set(all.map(({ toId }) => toId))]
    const there = await idsThere(catalogue, tx, { space, id }, to, ids)
    for (const { toId, field, ...row } of all) {
      if (!there.has(toId)) broken.push({ entity: row.entity, id: row.id, says: `${field}: there is no ${to} ${toId}` })
    }
  }
  return broken
}
