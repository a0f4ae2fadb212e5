import type { ReadTx } from '../../data/tx.ts'
import type { AnyEntity } from '../../declare/entity.ts'
import type { Catalogue } from '../catalogue.ts'
import { idsIn } from '../references.ts'
import type { NetChange } from './net.ts'

type StoredRow = Record<string, unknown> & { id: number }

const keyOf = (entity: AnyEntity, id: number): string => `${entity.name} ${id}`

/** Finds the rows that will refer to rows which are about to be removed. */
export class Referrers {
  readonly #catalogue: Catalogue
  readonly #tx: ReadTx
  readonly #changes: ReadonlyMap<string, NetChange>
  readonly #removals: ReadonlyMap<string, NetChange>
  readonly #lists = new Map<string, Promise<StoredRow[]>>()

  constructor(catalogue: Catalogue, tx: ReadTx, changes: readonly NetChange[]) {
    this.#catalogue = catalogue
    this.#tx = tx
    this.#changes = new Map(changes.map((change) => [keyOf(change.bound.entity, change.id), change]))
    this.#removals = new Map([...this.#changes].filter(([, { undo }]) => undo === 'remove'))
  }

  /** The removals to which a row refers that is not removed itself. */
  async used(): Promise<Set<NetChange>> {
    const used = new Set<NetChange>()
    for (const { entity, ids, find } of this.#targets()) {
      for (const { entity: other, field, to } of this.#fieldsTo(entity)) {
        for (const row of await this.#rowsOf(other, field, entity, ids)) {
          const change = this.#changes.get(keyOf(other, row.id))
          // A restored row refers to what it referred to before.
          for (const id of change?.undo === 'remove' ? [] : idsIn((change?.before ?? row)[field])) {
            for (const removal of find(to, id)) used.add(removal)
          }
        }
      }
    }
    return used
  }

  /** The removals that are linked with these by references among themselves, and these. */
  linkedWith(kept: ReadonlySet<NetChange>): Set<NetChange> {
    const links = new Map<NetChange, Set<NetChange>>()
    for (const removal of this.#removals.values()) {
      for (const other of this.#linksOf(removal)) {
        for (const [from, to] of [[removal, other] as const, [other, removal] as const]) {
          if (!links.has(from)) links.set(from, new Set())
          links.get(from)?.add(to)
        }
      }
    }
    const linked = new Set(kept)
    // A set iterates over the members that are added meanwhile.
    for (const removal of linked) for (const other of links.get(removal) ?? []) linked.add(other)
    return linked
  }

  /** The removals to which a removal refers, in the same space. */
  *#linksOf({ bound: { entity }, space, after }: NetChange): Iterable<NetChange> {
    const fields = Object.entries(entity.refs ?? {})
    if (entity.spaceKey !== null) fields.push([entity.spaceKey, entity.space])
    for (const [field, to] of fields) {
      for (const id of idsIn(after?.[field])) {
        const other = this.#removals.get(`${to} ${id}`)
        if (other && other.space.space === space.space) yield other
      }
    }
  }

  /** The removals by entity, with a way from a referring id to the removals that it means. */
  *#targets() {
    for (const [entity, removals] of Map.groupBy(this.#removals.values(), ({ bound }) => bound.entity)) {
      const byId = Map.groupBy(removals, ({ id }) => id)
      const byPerson = Map.groupBy(removals, ({ after }) => personIn(entity, after))
      const find = (to: string, id: number) => (to === entity.name ? byId : byPerson).get(id) ?? []
      yield { entity, ids: [...byId.keys()], find }
    }
  }

  /** The fields of all entities that can refer to rows of this one, and what they name: the entity, or a person. */
  *#fieldsTo(entity: AnyEntity): Iterable<{ entity: AnyEntity; field: string; to: string }> {
    const admits = this.#catalogue.spaces.get(entity.space)?.admits.includes(entity) && entity.spaceKey !== 'id'
    for (const { entity: other } of this.#catalogue.entities.values()) {
      if (isSpaceOf(entity, other) && other.spaceKey) yield { entity: other, field: other.spaceKey, to: entity.name }
      for (const [field, to] of Object.entries(other.refs ?? {})) {
        const namesMember = admits && to === 'member' && other.space === entity.space
        if (to === entity.name || namesMember) yield { entity: other, field, to }
      }
    }
  }

  /** The rows that may refer to these by a field: all rows of the space, or those found by the field. */
  #rowsOf(other: AnyEntity, field: string, entity: AnyEntity, ids: readonly number[]): Promise<StoredRow[]> {
    const { space } = [...this.#removals.values()].find(({ bound }) => bound.entity === entity) as NetChange
    const bySpace = other.space === entity.space && other.spaceKey !== null
    const where = bySpace ? { [other.spaceKey as string]: space.id } : { [field]: ids }
    const key = `${other.name} ${JSON.stringify(where)}`
    let rows = this.#lists.get(key)
    if (!rows) this.#lists.set(key, (rows = this.#tx.list(other, where) as Promise<StoredRow[]>))
    return rows
  }
}

/** Whether the rows of one entity are the spaces of the other one. */
const isSpaceOf = (entity: AnyEntity, other: AnyEntity): boolean =>
  entity !== other && entity.spaceKey === 'id' && entity.space === other.space

/** The person whom a row of this entity admits. */
const personIn = (entity: AnyEntity, row: NetChange['after']): number =>
  Number((entity.also && row?.[entity.also.key]) ?? Number.NaN)
