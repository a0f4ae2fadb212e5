import type { Compilable, Generated, Kysely } from 'kysely'
import type { AnyEntity, Row, Values } from '../declare/entity.ts'

/**
 * The tables, by name, as stored. Each store adds its own with
 * `declare module './tx.ts' { interface Tables { … } }`.
 */
export interface Tables {
  users: {
    id: Generated<number>
    username: string
    name: string
    email: string
    email_verified: Generated<number>
    image: string | null
    role: string
    banned: boolean | number
    is_guest: Generated<boolean | number>
    created_at: string
    updated_at: string
  }
}

export type Where<E extends AnyEntity> = { [K in keyof Row<E>]?: Row<E>[K] | readonly NonNullable<Row<E>[K]>[] }
export type Order<E extends AnyEntity> = (keyof Row<E> & string) | `${keyof Row<E> & string} desc`

/** A read-only transaction: all reads of one operation see the same moment. */
export interface ReadTx {
  /** The row that matches, in wire form. A list matches any of its values. */
  find<E extends AnyEntity>(entity: E, where: Where<E>): Promise<Row<E> | null>
  /** The rows that match, in wire form; at most `limit` of them. */
  list<E extends AnyEntity>(entity: E, where: Where<E>, order?: readonly Order<E>[], limit?: number): Promise<Row<E>[]>
  count<E extends AnyEntity>(entity: E, where: Where<E>): Promise<number>
  /** For queries across tables. It cannot write: such a write would not be in the change log. */
  readonly selectFrom: Kysely<Tables>['selectFrom']
  /** The same for frequent queries: built once for each `key`, with `values` bound in order. Returns stored rows. */
  ask(
    key: string,
    values: readonly unknown[],
    build: (db: Pick<ReadTx, 'selectFrom'>) => Compilable,
  ): Promise<Record<string, unknown>[]>
}

/** A transaction whose writes are all in the change log. */
export interface Tx extends ReadTx {
  /** Makes transactions that hold the same user take turns: for counts over all trips before a write. */
  holdUser(userId: number): Promise<void>
  /** Inserts a row. Fields left out get their default or null, secrets the default of their column. */
  insert<E extends AnyEntity>(entity: E, values: Values<E>): Promise<Row<E>>
  /**
   * Changes a row that was read in this transaction. Undefined leaves a field, null clears it. A patch without an
   * effect is no change.
   */
  patch<E extends AnyEntity>(entity: E, before: Row<E>, patch: Values<E>): Promise<Row<E>>
  /** Removes a row that was read in this transaction. */
  remove<E extends AnyEntity>(entity: E, before: Row<E>): Promise<void>
}
