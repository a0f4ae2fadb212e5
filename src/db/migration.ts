import type { Kysely } from 'kysely'
import type { Dialect } from './dialect.ts'

/** One step of the schema, written once for both engines. */
// biome-ignore lint/suspicious/noExplicitAny: the schema a migration starts from is not the one of today's types
export type Migration = (db: Kysely<any>, types: Dialect) => Promise<void>
