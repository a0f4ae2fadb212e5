import { type Migration, pointsAt } from '../../../../core/data/migration.ts'

/** Who made a template, so that they may delete it. Of those that are there it is not known. */
export const templateMakers: Migration = async (db, types) => {
  await db.schema.alterTable('packing_templates').addColumn('created_by', types.integer, pointsAt('users')).execute()
  await db.schema.createIndex('packing_templates_by_maker').on('packing_templates').column('created_by').execute()
}
