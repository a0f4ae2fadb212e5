import { alongside, type Migration } from '../../core/data/migration.ts'

/** Up to which change the content of a space's log is erased, since its time is over. */
export const erasedTo: Migration = alongside(async (db, types) => {
  await db.schema
    .alterTable('spaces')
    .addColumn('erased_to', types.integer, (column) => column.notNull().defaultTo(0))
    .execute()
})
