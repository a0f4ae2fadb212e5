import type { Compilable, CompiledQuery, Kysely } from 'kysely'

/**
 * On SQLite, building a query costs more than running it. There are few different queries, so each is compiled once.
 * Only the text is kept: the compiled tree holds the values of the first call, which are somebody's rows.
 */
type Text = Pick<CompiledQuery, 'sql' | 'queryId'>
const texts = new WeakMap<object, Map<string, Text>>()

/** The adapter of a database that runs in this process, and so can answer synchronously. */
export interface AnswersAtOnce {
  /** Whether no transaction holds the only connection. */
  readonly isFree: boolean
  /** Runs a statement on it: for the transaction that holds it, or while it is free. */
  answer(sql: string, values: readonly unknown[]): unknown[]
}

/**
 * Runs a query whose text depends on `key` alone. `build` is called once for each key and database. `values` are bound
 * in the order of the text.
 */
export async function runCompiled<DB, Row = Record<string, unknown>>(
  db: Kysely<DB>,
  key: string,
  values: readonly unknown[],
  build: () => Compilable,
): Promise<Row[]> {
  // A transaction has the adapter of its database.
  const { adapter } = db.getExecutor()
  let textsByKey = texts.get(adapter)
  if (!textsByKey) texts.set(adapter, (textsByKey = new Map()))
  let text = textsByKey.get(key)
  if (!text) {
    const { sql, queryId } = build().compile()
    textsByKey.set(key, (text = { sql, queryId }))
  }
  // There is nothing to wait for, and kysely waits eight times.
  if (answersAtOnce(adapter) && (db.isTransaction || adapter.isFree)) return adapter.answer(text.sql, values) as Row[]
  return (await db.executeQuery<Row>({ ...text, parameters: values } as CompiledQuery<Row>)).rows
}

const answersAtOnce = (adapter: object): adapter is AnswersAtOnce => 'answer' in adapter
