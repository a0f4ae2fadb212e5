import type { Migration } from '../../../core/data/migration.ts'

/** Consent is remembered for one exact address. Which one it was is not known of earlier grants: they count for none. */
export const grantRedirects: Migration = async (db) => {
  await db.schema.alterTable('oauth_grants').addColumn('redirect_uri', 'text').execute()
}
