import type { Compilable, CompiledQuery, Kysely } from 'kysely'

// Building a query costs more than running it on SQLite, and the texts that are needed are few: compile each once.
type Text = Omit<CompiledQuery, 'parameters'>
const texts = new WeakMap<object, Map<string, Text>>()

/**
 * Runs a query whose text depends on `key` alone. `build` is called once for each key and database; `values` are bound in the
 * order in which the text has them.
 */
export async function runCompiled<DB, Row = Record<string, unknown>>(
  db: Kysely<DB>,
  key: string,
  values: readonly unknown[],
  build: () => Compilable,
): Promise<Row[]> {
  // A transaction has the adapter of the database it belongs to.
  const { adapter } = db.getExecutor()
  let known = texts.get(adapter)
  if (!known) texts.set(adapter, (known = new Map()))
  let text = known.get(key)
  if (!text) known.set(key, (text = build().compile()))
  return (await db.executeQuery<Row>({ ...text, parameters: values } as CompiledQuery<Row>)).rows
}
