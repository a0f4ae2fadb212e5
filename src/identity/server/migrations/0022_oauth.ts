import { belongsTo, filled, type Migration } from '../../../core/data/migration.ts'

/** Programs that may ask for access, what they were granted, and what lives by a grant: codes, tokens, log-ins on their way. */
export const oauth: Migration = async (db, types) => {
  await types
    .withId(db.schema.createTable('oauth_clients'))
    .addColumn('user_id', types.integer, belongsTo('users'))
    .addColumn('client_id', 'text', (column) => column.notNull().unique())
    .addColumn('name', 'text', filled)
    .addColumn('redirect_uris', 'text', filled)
    .addColumn('scopes', 'text', filled)
    .addColumn('public_keys', 'text')
    .addColumn('secret_hash', 'text')
    .addColumn('created_at', 'text', filled)
    .execute()
  await db.schema.createIndex('oauth_clients_by_user').on('oauth_clients').column('user_id').execute()

  await types
    .withId(db.schema.createTable('oauth_registrations'))
    .addColumn('client_id', 'text', (column) => column.notNull().unique())
    .addColumn('metadata', 'text', filled)
    .addColumn('created_at', 'text', filled)
    // Null until somebody let the program in.
    .addColumn('used_at', 'text')
    .execute()
  await db.schema
    .createIndex('oauth_registrations_by_use')
    .on('oauth_registrations')
    .columns(['used_at', 'created_at'])
    .execute()

  await types
    .withId(db.schema.createTable('oauth_grants'))
    .addColumn('user_id', types.integer, belongsTo('users'))
    .addColumn('kind', 'text', filled)
    // No foreign key: a program can be known by a document of its own, which is no row here.
    .addColumn('client_id', 'text', filled)
    .addColumn('client_name', 'text', filled)
    .addColumn('redirect_host', 'text')
    .addColumn('resource', 'text', filled)
    .addColumn('scopes', 'text', filled)
    .addColumn('created_at', 'text', filled)
    .addColumn('last_used_at', 'text')
    .execute()
  await db.schema.createIndex('oauth_grants_by_user').on('oauth_grants').columns(['user_id', 'client_id']).execute()
  await db.schema.createIndex('oauth_grants_by_client').on('oauth_grants').column('client_id').execute()

  await db.schema
    .createTable('oauth_artifacts')
    .addColumn('model', 'text', filled)
    .addColumn('id_hash', 'text', filled)
    .addColumn('grant_id', types.integer, (column) => column.references('oauth_grants.id').onDelete('cascade'))
    .addColumn('payload', 'text', filled)
    .addColumn('expires_at', 'text', filled)
    .addColumn('consumed_at', 'text')
    .addPrimaryKeyConstraint('oauth_artifacts_pk', ['id_hash', 'model'])
    .execute()
  await db.schema.createIndex('oauth_artifacts_by_grant').on('oauth_artifacts').column('grant_id').execute()
  await db.schema.createIndex('oauth_artifacts_by_end').on('oauth_artifacts').column('expires_at').execute()

  // The program that opened a session: it keeps it when it is granted more.
  await db.schema.alterTable('mcp_sessions').addColumn('client_id', 'text').execute()
  // What an assistant changed is found by its grant.
  await db.schema.createIndex('changes_by_grant').on('changes').column('grant_id').execute()
}
