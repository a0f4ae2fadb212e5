import { topicOf, type WriteTx } from '../../data/database.ts'
import type { Sealing } from '../../data/sealing.ts'
import type { CommittedChange } from '../../data/undoing.ts'
import type { AnyEntity, Field } from '../../declare/entity.ts'
import type { Message } from '../../declare/message.ts'
import type { Catalogue } from '../catalogue.ts'
import { idsIn, idsThere } from '../references.ts'
import { reasons } from './messages.ts'
import { type Image, type NetChange, netChanges } from './net.ts'
import { Referrers } from './referrers.ts'

export interface UndoParts {
  readonly tx: WriteTx
  readonly catalogue: Catalogue
  readonly sealing: Sealing | undefined
  /** The commits that the same call has undone, which no longer count as later changes. */
  readonly undone: ReadonlySet<string>
}

/** What was done to one row, or left as it is. */
export interface UndoneRow {
  readonly change: NetChange
  /** The fields that have their old values again, for a restored row. */
  readonly fields: readonly string[]
}

export interface LeftRow extends UndoneRow {
  readonly reason: Message
}

export interface UndoneCommit {
  readonly done: readonly UndoneRow[]
  readonly left: readonly LeftRow[]
}

type Row = Record<string, unknown> & { id: number }

/** The time of the last change. It is restored with the other fields; if that is impossible, nothing is reported. */
const STAMP = 'updated_at'

const sameValue = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b)

const keyOf = ({ bound, id }: NetChange): string => `${bound.entity.name} ${id}`

/** Undoes one commit, as far as later changes allow. It writes row by row, in the reverse order of the commit. */
export class CommitUndo {
  readonly #parts: UndoParts
  readonly #commit: string
  readonly #rowByRow: boolean
  #later = new Map<string, CommittedChange[]>()
  readonly #done: UndoneRow[] = []
  readonly #left: LeftRow[] = []

  /** With `rowByRow`, a row that the database rejects is left out; otherwise the whole undo fails. */
  constructor(parts: UndoParts, commit: string, rowByRow: boolean) {
    this.#parts = parts
    this.#commit = commit
    this.#rowByRow = rowByRow
  }

  async run(): Promise<UndoneCommit> {
    const { tx, catalogue } = this.#parts
    const changes = netChanges(catalogue, await tx.undoing.changesOf(this.#commit))
    this.#later = await this.#laterChanges(changes)
    const kept = await this.#keptRows(changes)
    for (const change of changes) await this.#undo(change, this.#refusal(change) ?? kept.get(change) ?? null)
    return { done: this.#done, left: this.#left }
  }

  /** The changes of each row after the commit. */
  async #laterChanges(changes: readonly NetChange[]): Promise<Map<string, CommittedChange[]>> {
    const later = new Map<string, CommittedChange[]>()
    const groups = Map.groupBy(changes, ({ space, bound }) => `${topicOf(space)} ${bound.entity.name}`)
    for (const group of groups.values()) {
      const [{ space, bound }] = group as [NetChange]
      const oldest = Math.min(...group.map(({ seq }) => seq))
      const ids = group.map(({ id }) => id)
      const all = await this.#parts.tx.undoing.laterChanges(space, oldest, bound.entity.name, ids)
      const byRow = Map.groupBy(all, ({ row_id }) => row_id)
      for (const change of group) {
        const rows = byRow.get(change.id) ?? []
        later.set(
          keyOf(change),
          rows.filter(({ seq, commit }) => seq > change.seq && !this.#parts.undone.has(commit)),
        )
      }
    }
    return later
  }

  /** The inserted rows that must stay, with the reason. What was made together stays together. */
  async #keptRows(changes: readonly NetChange[]): Promise<Map<NetChange, Message>> {
    const { tx, catalogue } = this.#parts
    const removals = changes.filter(({ undo }) => undo === 'remove')
    const kept = new Map<NetChange, Message>()
    if (!removals.length) return kept
    const referrers = new Referrers(catalogue, tx, changes)
    for (const change of await referrers.used()) kept.set(change, reasons.usedSince())
    for (const change of removals) if (this.#fieldsSetSince(change).size) kept.set(change, reasons.changedSince())
    for (const change of referrers.linkedWith(new Set(kept.keys()))) {
      if (!kept.has(change)) kept.set(change, reasons.madeTogether())
    }
    return kept
  }

  /** Why a change cannot be undone, whatever the row is now. */
  #refusal({ bound, undo, erased }: NetChange): Message | null {
    if (erased) return reasons.erased()
    return undo === 'revive' && bound.entity.givesAccess ? reasons.givesAccess() : null
  }

  async #undo(change: NetChange, refusal: Message | null): Promise<void> {
    if (refusal) return this.#leave(change, refusal)
    if (!this.#rowByRow) return this.#write(change)
    try {
      // The database finds conflicts that no reference names, such as a name that must be unique.
      await this.#parts.tx.attempt(() => this.#write(change))
    } catch (error) {
      if (!this.#parts.tx.isConflict(error)) throw error
      this.#leave(change, reasons.taken())
    }
  }

  async #write(change: NetChange): Promise<void> {
    const { tx } = this.#parts
    const { bound, id, undo } = change
    const row = (await tx.find(bound.entity, { id })) as Row | null
    if (undo === 'revive') {
      // Another undo has put it back.
      if (!row) await this.#revive(change)
    } else if (!row) {
      if (undo === 'restore') this.#leave(change, reasons.removedSince())
    } else if (undo === 'remove') {
      await tx.remove(bound.entity, row)
      this.#done.push({ change, fields: [] })
    } else await this.#restore(change, row)
  }

  async #revive(change: NetChange): Promise<void> {
    const { entity } = change.bound
    const row: Record<string, unknown> = { ...change.before }
    const missing = await this.#withoutMissing(change, row)
    if (missing.some((field) => (entity.fields[field] as Field | undefined)?.mode !== 'optional')) {
      return this.#leave(change, reasons.missing(), missing)
    }
    for (const field of missing) row[field] = null
    const secrets = await this.#secretsOf(change)
    if (!secrets) return this.#leave(change, reasons.secretsGone())
    await this.#parts.tx.revive(entity, row as never, secrets)
    this.#done.push({ change, fields: [] })
  }

  /** The columns of a removed row that the log omits; null if they were not kept or their time is over. */
  async #secretsOf({ bound: { entity }, nth }: NetChange): Promise<Record<string, unknown> | null> {
    const { tx, sealing } = this.#parts
    const fields = Object.values(entity.fields as Record<string, Field>)
    if (!fields.some(({ mode }) => mode === 'secret')) return {}
    const sealed = await tx.undoing.secretsOf(this.#commit, nth)
    const text = sealed === null ? null : (sealing?.open(sealed) ?? null)
    return text === null ? null : JSON.parse(text)
  }

  async #restore(change: NetChange, row: Row): Promise<void> {
    const { entity } = change.bound
    const { before, after } = change as { before: Image; after: Image }
    // A field that has its old value already needs nothing.
    const changed = Object.keys(after).filter(
      (field) => !sameValue(before[field], after[field]) && !sameValue(before[field], row[field]),
    )
    const later = this.#fieldsSetSince(change)
    const free = (field: string) => sameValue(row[field], after[field]) && !later.has(field)
    const patch: Record<string, unknown> = {}
    const blocked: string[] = []
    for (const field of changed) {
      const group = entity.together?.find((one) => one.includes(field)) ?? [field]
      if (group.every((one) => !changed.includes(one) || free(one))) patch[field] = before[field]
      else if (isSet(entity, field)) patch[field] = backInSet(before[field], after[field], row[field])
      else blocked.push(field)
    }
    const missing = await this.#withoutMissing(change, patch)
    for (const field of missing) delete patch[field]
    if (Object.keys(patch).length) {
      await this.#parts.tx.patch(entity, row as never, patch as never)
      this.#done.push({ change, fields: Object.keys(patch) })
    }
    const left = blocked.filter((field) => field !== STAMP)
    if (left.length) this.#leave(change, reasons.changedSince(), left)
    if (missing.length) this.#leave(change, reasons.missing(), missing)
  }

  /** The fields of a row that others set after the commit. */
  #fieldsSetSince(change: NetChange): Set<string> {
    const { entity } = change.bound
    const fields = new Set<string>()
    for (const { action, before, after } of this.#later.get(keyOf(change)) ?? []) {
      if (action !== 'patch' || !before || !after) continue
      for (const field of Object.keys(after)) {
        const counts = change.undo === 'restore' || !(field === STAMP || entity.computed?.includes(field))
        if (counts && !sameValue(before[field], after[field])) fields.add(field)
      }
    }
    return fields
  }

  /**
   * Removes ids of missing rows from the lists and records of a row. Returns the fields that name a missing row alone.
   */
  async #withoutMissing({ bound: { entity }, space }: NetChange, row: Record<string, unknown>): Promise<string[]> {
    const { tx, catalogue } = this.#parts
    const missing: string[] = []
    for (const [field, to] of Object.entries(entity.refs ?? {})) {
      const ids = [...new Set(idsIn(row[field]))]
      if (!ids.length || to === 'outside' || !(to === 'member' || catalogue.entities.has(to))) continue
      const there = await idsThere(catalogue, tx, space, to, ids)
      if (ids.every((id) => there.has(id))) continue
      const value = row[field]
      if (typeof value === 'number') missing.push(field)
      else row[field] = onlyWith(value as object, there)
    }
    return missing
  }

  #leave(change: NetChange, reason: Message, fields: readonly string[] = []): void {
    this.#left.push({ change, fields, reason })
  }
}

const isSet = (entity: AnyEntity, field: string): boolean => (entity.fields[field] as Field | undefined)?.set ?? false

/** A set without what the commit added to it, and with what the commit took out. */
function backInSet(before: unknown, after: unknown, now: unknown): unknown[] {
  const [was, became, is] = [before ?? [], after ?? [], now ?? []] as unknown[][] as [unknown[], unknown[], unknown[]]
  const has = (list: readonly unknown[], one: unknown) => list.some((other) => sameValue(one, other))
  const remaining = is.filter((one) => !has(became, one) || has(was, one))
  return [...remaining, ...was.filter((one) => !has(became, one) && !has(is, one))]
}

/** A list of ids or of people, or a record by id, without the ids that are missing. */
const onlyWith = (value: object, there: ReadonlySet<number>): unknown =>
  Array.isArray(value)
    ? value.filter((one) => there.has(one?.user_id ?? one))
    : Object.fromEntries(Object.entries(value).filter(([id]) => there.has(Number(id))))
