import { type Compilable, type Expression, type SqlBool, sql, type Transaction } from 'kysely'
import type { Guard } from '../core/data/base.ts'
import type { CallKey, KnownCall } from '../core/data/calls.ts'
import { runCompiled } from '../core/data/compiled.ts'
import type { Author, Batch, Commit, RowChange, Since, TrackedChange, WriteTx, Written } from '../core/data/database.ts'
import { type Erasing, isErased, type Kept } from '../core/data/erasing.ts'
import type { Sealing } from '../core/data/sealing.ts'
import type { SpaceRef } from '../core/data/space.ts'
import { decode, encode, layoutOf } from '../core/data/storage.ts'
import type { Order, ReadTx, Tables, Where } from '../core/data/tx.ts'
import type { Undoing } from '../core/data/undoing.ts'
import type { AnyEntity, Row, Values } from '../core/declare/entity.ts'
import { answerCall, knowsCommit, reserveCall } from './calls.ts'
import { appendChanges, changesOfRow, headOf, lockSpace, removalsSince } from './changes.ts'
import type { Db, Dialect, StoredRow } from './dialect.ts'
import { erasingIn } from './erasing.ts'
import { keepSecrets } from './kept-secrets.ts'
import { inSavepoint } from './savepoint.ts'
import { recordUndone, undoingIn } from './undoing.ts'

type Condition = Record<string, unknown>

/** The part of a condition that decides the text of its query, and the values to bind, in order. */
function shapeOf(where: Condition): { key: string; values: unknown[] } {
  let key = ''
  const values: unknown[] = []
  for (const field in where) {
    const condition = where[field]
    if (condition === undefined) continue
    if (condition === null) key += ` ${field}?`
    else if (Array.isArray(condition)) {
      key += ` ${field}*${condition.length}`
      values.push(...condition)
    } else {
      key += ` ${field}`
      values.push(condition)
    }
  }
  return { key, values }
}

function expressionOf(where: Condition): Expression<SqlBool> {
  const parts = Object.entries(where).flatMap(([field, condition]) => {
    const column = sql.ref(field)
    if (condition === undefined) return []
    if (condition === null) return [sql<SqlBool>`${column} is null`]
    if (!Array.isArray(condition)) return [sql<SqlBool>`${column} = ${condition}`]
    return [condition.length ? sql<SqlBool>`${column} in (${sql.join(condition)})` : sql<SqlBool>`1 = 0`]
  })
  return parts.length ? sql.join(parts, sql` and `) : sql<SqlBool>`1 = 1`
}

const orderOf = (order: readonly string[]) =>
  sql.join(order.map((term) => (term.endsWith(' desc') ? sql`${sql.ref(term.slice(0, -5))} desc` : sql.ref(term))))

/** Reads rows in wire form. */
export class ReadTransaction implements ReadTx {
  protected readonly db: Db
  protected readonly dialect: Dialect
  readonly selectFrom: ReadTx['selectFrom']

  constructor(db: Transaction<Tables>, dialect: Dialect) {
    this.db = db as unknown as Db
    this.dialect = dialect
    this.selectFrom = db.selectFrom.bind(db) as ReadTx['selectFrom']
  }

  async find<E extends AnyEntity>(entity: E, where: Where<E>): Promise<Row<E> | null> {
    const { key, values } = shapeOf(where)
    const [stored] = await this.run(`find ${entity.table}${key}`, values, () =>
      this.db.selectFrom(entity.table).selectAll().where(expressionOf(where)).limit(sql.lit(1)),
    )
    return stored ? decode(entity, stored) : null
  }

  async list<E extends AnyEntity>(
    entity: E,
    where: Where<E>,
    order: readonly Order<E>[] = [],
    limit?: number,
  ): Promise<Row<E>[]> {
    const { key, values } = shapeOf(where)
    const terms = [...order, 'id']
    const rows = await this.run(`list ${entity.table}${key} by ${terms} limit ${limit}`, values, () => {
      const all = this.db.selectFrom(entity.table).selectAll().where(expressionOf(where)).orderBy(orderOf(terms))
      return limit === undefined ? all : all.limit(sql.lit(limit))
    })
    return rows.map((stored) => decode(entity, stored))
  }

  async count<E extends AnyEntity>(entity: E, where: Where<E>): Promise<number> {
    const { key, values } = shapeOf(where)
    const [row] = await this.run(`count ${entity.table}${key}`, values, () =>
      this.db
        .selectFrom(entity.table)
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where(expressionOf(where)),
    )
    return Number(row?.count ?? 0)
  }

  async ask(key: string, values: readonly unknown[], build: (db: Pick<ReadTx, 'selectFrom'>) => Compilable) {
    return this.run(`ask ${key}`, values, () => build(this))
  }

  protected run(key: string, values: readonly unknown[], build: () => Compilable) {
    return runCompiled(this.db, key, values, build)
  }
}

/**
 * Reads of one moment: equal lists are read once. Features read the same rows independently; an operation on a whole
 * trip would otherwise read its places three times.
 */
export class SnapshotTransaction extends ReadTransaction {
  readonly #lists = new Map<string, Promise<unknown[]>>()

  override async list<E extends AnyEntity>(
    entity: E,
    where: Where<E>,
    order: readonly Order<E>[] = [],
    limit?: number,
  ): Promise<Row<E>[]> {
    const key = JSON.stringify([entity.table, where, order, limit])
    let cached = this.#lists.get(key) as Promise<Row<E>[]> | undefined
    if (!cached) this.#lists.set(key, (cached = super.list(entity, where, order, limit)))
    // A copy, which the caller can sort or cut.
    return [...(await cached)]
  }
}

/** What a transaction has written, and its guard. */
interface Writing {
  readonly changes: (TrackedChange & { readonly follows: string | null })[]
  /** The secret columns of removed rows, by change. */
  readonly secrets: Map<RowChange, StoredRow>
  readonly erased: SpaceRef[]
  readonly undone: string[]
  guard: Guard | null
}

/** Writes rows and collects their changes, so that the change log can be written before the commit. */
export class WriteTransaction extends ReadTransaction implements WriteTx {
  readonly #own: Writing
  readonly #follows: string | null

  constructor(
    db: Transaction<Tables>,
    dialect: Dialect,
    own: Writing = { changes: [], secrets: new Map(), erased: [], undone: [], guard: null },
    follows: string | null = null,
  ) {
    super(db, dialect)
    this.#own = own
    this.#follows = follows
  }

  guardBy(guard: Guard): void {
    this.#own.guard = guard
  }

  following(reason: string): WriteTx {
    return new WriteTransaction(this.#tables, this.dialect, this.#own, this.#follows ?? reason)
  }

  written(): readonly Written[] {
    return this.#own.changes.map(({ change: { entity, action }, follows }) => ({ entity, action, follows }))
  }

  changed(): readonly TrackedChange[] {
    return this.#own.changes
  }

  erase(space: SpaceRef): void {
    this.#own.erased.push(space)
  }

  erased(): readonly SpaceRef[] {
    return this.#own.erased
  }

  get erasing(): Erasing {
    return erasingIn(this.#tables)
  }

  get undoing(): Undoing {
    return undoingIn(this.#tables)
  }

  markUndone(commit: string): void {
    this.#own.undone.push(commit)
  }

  async attempt<T>(work: () => Promise<T>): Promise<T> {
    const lists: unknown[][] = [this.#own.changes, this.#own.erased, this.#own.undone]
    const lengths = lists.map(({ length }) => length)
    const outcome = await inSavepoint(this.#tables, work)
    if (!('error' in outcome)) return outcome.result
    for (const [at, list] of lists.entries()) list.splice(lengths[at] as number)
    throw outcome.error
  }

  isConflict(error: unknown): boolean {
    return this.dialect.isConflict(error)
  }

  head(space: SpaceRef): Promise<number> {
    return headOf(this.#tables, space)
  }

  holdUser(id: number): Promise<void> {
    return lockSpace(this.db, { space: 'user', id })
  }

  changesOfRow(since: Since, row: { entity: string; id: number }): Promise<Batch[]> {
    return changesOfRow(this.#tables, since, row)
  }

  removalsSince(since: Since, ids: readonly number[]): Promise<Batch[]> {
    return removalsSince(this.#tables, since, ids)
  }

  async insert<E extends AnyEntity>(entity: E, values: Values<E>): Promise<Row<E>> {
    const { id: _, ...whole } = { ...layoutOf(entity).defaults, ...defined(values) } as Record<string, unknown>
    const stored = encode(entity, whole, whole)
    const columns = Object.keys(stored)
    const [written] = await this.run(`insert ${entity.table} ${columns}`, Object.values(stored), () =>
      this.db.insertInto(entity.table).values(stored).returningAll(),
    )
    const after = decode(entity, written as Record<string, unknown>)
    this.#remember(entity, 'insert', null, after)
    return after
  }

  async revive<E extends AnyEntity>(entity: E, row: Row<E>, secrets: StoredRow): Promise<Row<E>> {
    const whole = { ...layoutOf(entity).defaults, ...(row as Record<string, unknown>) }
    const stored = { ...encode(entity, whole, whole), ...secrets }
    const columns = sql.join(Object.keys(stored).map((column) => sql.ref(column)))
    const { rows } = await sql<Record<string, unknown>>`
      insert into ${sql.table(entity.table)} (${columns}) ${this.dialect.withOwnIds}
      values (${sql.join(Object.values(stored))}) returning *`.execute(this.db)
    const [written] = rows
    const after = decode(entity, written as Record<string, unknown>)
    this.#remember(entity, 'insert', null, after)
    return after
  }

  async patch<E extends AnyEntity>(entity: E, before: Row<E>, patch: Values<E>): Promise<Row<E>> {
    const row = before as Record<string, unknown>
    const { guard } = this.#own
    const allowed = guard ? await guard.patch(entity, row, patch) : patch
    const changed = changedFields(row, allowed as Record<string, unknown>)
    if (!Object.keys(changed).length) return before
    const whole = { ...(before as Record<string, unknown>), ...changed }
    for (const [key, currency] of layoutOf(entity).amounts) {
      if (currency in changed && !(key in changed) && whole[key] !== null) changed[key] = whole[key]
    }
    const stored = encode(entity, changed, whole)
    const { id } = before as { id: number }
    const [written] = await this.run(
      `patch ${entity.table} ${Object.keys(stored)}`,
      [...Object.values(stored), id],
      () => this.db.updateTable(entity.table).set(stored).where(sql.ref('id'), '=', id).returningAll(),
    )
    if (!written) throw new Error(`${entity.name} ${id} is gone, although this transaction has read it`)
    const after = decode(entity, written)
    this.#remember(entity, 'patch', before, after)
    return after
  }

  async remove<E extends AnyEntity>(entity: E, before: Row<E>): Promise<void> {
    await this.#own.guard?.remove(entity, before as Record<string, unknown>)
    const { id } = before as { id: number }
    const secrets = entity.givesAccess ? [] : layoutOf(entity).secrets
    const [removed] = await this.run(`remove ${entity.table}`, [id], () => {
      const removal = this.db.deleteFrom(entity.table).where(sql.ref('id'), '=', id)
      return secrets.length ? removal.returning(secrets) : removal
    })
    const change = this.#remember(entity, 'remove', before, null)
    if (secrets.length && removed) this.#own.secrets.set(change, removed)
  }

  reserveCall(id: CallKey, call: KnownCall): Promise<KnownCall | null> {
    return reserveCall(this.#tables, id, call)
  }

  answerCall(id: CallKey, answer: string): Promise<void> {
    return answerCall(this.#tables, id, answer)
  }

  knowsCommit(id: string): Promise<boolean> {
    return knowsCommit(this.#tables, id)
  }

  get #tables(): Transaction<Tables> {
    return this.db as unknown as Transaction<Tables>
  }

  async writeLog(
    author: Author,
    commit: Commit,
    // One moment for the whole commit, in all its spaces.
    { imagesToKeep, sealing, at = new Date().toISOString() }: Parameters<WriteTx['writeLog']>[2] = {},
  ): Promise<Batch[]> {
    const batches: Batch[] = []
    if (sealing) await this.#keepSecrets(commit, at, sealing, imagesToKeep)
    await recordUndone(this.#tables, this.#own.undone, commit.id)
    for (const [space, changes] of grouped(this.#own.changes)) {
      batches.push(
        await appendChanges(this.db, this.dialect, {
          space,
          changes,
          author,
          commit,
          at,
          ...(imagesToKeep && { imagesToKeep }),
        }),
      )
    }
    return batches
  }

  /** Keeps the secret columns of removed rows, except of rows whose content is erased. */
  async #keepSecrets(commit: Commit, at: string, sealing: Sealing, imagesToKeep: Kept = (change) => change) {
    const kept = this.#own.changes.flatMap(({ space, id, change }) => {
      const secrets = this.#own.secrets.get(change)
      if (!secrets || isErased(imagesToKeep(change))) return []
      const { nth, entity, row_id } = change
      const sealed = sealing.seal(JSON.stringify(secrets))
      return [{ commit_id: commit.id, nth, space, space_id: id, entity, row_id, sealed, at }]
    })
    await keepSecrets(this.#tables, kept)
  }

  /** Returns the change in the space of the entity. */
  #remember(entity: AnyEntity, action: RowChange['action'], before: unknown, after: unknown): RowChange {
    const row = (after ?? before) as Record<string, unknown>
    const push = (space: string, key: string | null): RowChange => {
      const id = key === null ? 0 : (row[key] as number)
      const { changes } = this.#own
      const change = { nth: changes.length, entity: entity.name, row_id: row.id, action, before, after } as RowChange
      changes.push({ space, id, of: entity, change, follows: this.#follows })
      return change
    }
    const change = push(entity.space, entity.spaceKey)
    if (entity.also) push(entity.also.space, entity.also.key)
    return change
  }
}

/** By space, in a fixed order, so that two writers of the same spaces cannot deadlock. */
function grouped(changes: readonly (SpaceRef & { change: RowChange })[]): [SpaceRef, RowChange[]][] {
  const groups = new Map<string, [SpaceRef, RowChange[]]>()
  for (const { space, id, change } of changes) {
    const key = `${space}:${id}`
    const group = groups.get(key)
    if (group) group[1].push(change)
    else groups.set(key, [{ space, id }, [change]])
  }
  return [...groups.values()].sort(([a], [b]) => (a.space === b.space ? a.id - b.id : a.space < b.space ? -1 : 1))
}

const defined = (values: object) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))

function changedFields(before: Record<string, unknown>, patch: Record<string, unknown>): Record<string, unknown> {
  const changed: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(patch)) {
    if (value !== undefined && !same(value, before[key])) changed[key] = value
  }
  return changed
}

const same = (a: unknown, b: unknown): boolean =>
  a === b || (typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b))
