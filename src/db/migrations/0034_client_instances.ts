import type { Migration } from '../../core/data/migration.ts'

/** The change log learns which client wrote: a page that is open, or whatever lives by a token or grant. */
export const clientInstances: Migration = async (db) => {
  await db.schema.alterTable('changes').addColumn('client_instance', 'text').execute()
}
