import type { CompiledQuery } from 'kysely'
import type { Db, Dialect } from './dialect.ts'

// Building a query costs more than running it on SQLite, and the texts that are needed are few: compile each once.
type Text = Omit<CompiledQuery, 'parameters'>
const texts = new WeakMap<Dialect, Map<string, Text>>()

/** Runs a query whose text depends on `key` alone; `build` is called once for each, `values` are bound in order. */
export async function runCompiled(
  db: Db,
  dialect: Dialect,
  key: string,
  values: readonly unknown[],
  build: () => { compile(): CompiledQuery },
): Promise<Record<string, unknown>[]> {
  let known = texts.get(dialect)
  if (!known) texts.set(dialect, (known = new Map()))
  let text = known.get(key)
  if (!text) known.set(key, (text = build().compile()))
  return (await db.executeQuery({ ...text, parameters: values })).rows as Record<string, unknown>[]
}
