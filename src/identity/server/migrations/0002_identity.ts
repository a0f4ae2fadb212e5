import { sql } from 'kysely'
import { belongsTo, filled, type Migration } from '../../../core/data/migration.ts'

/**
 * Accounts, web sessions and tokens. The first four tables are those of better-auth under our names; its moments are ISO
 * text and its booleans are 0 and 1 on both engines.
 */
export const identity: Migration = async (db, types) => {
  await types
    .withId(db.schema.createTable('users'))
    .addColumn('username', 'text', (column) => column.notNull().unique())
    .addColumn('name', 'text', filled)
    .addColumn('email', 'text', (column) => column.notNull().unique())
    .addColumn('email_verified', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('image', 'text')
    .addColumn('role', 'text', (column) => column.notNull().defaultTo('user'))
    .addColumn('banned', types.boolean, (column) => column.notNull().defaultTo(sql`false`))
    .addColumn('created_at', 'text', filled)
    .addColumn('updated_at', 'text', filled)
    .execute()

  await types
    .withId(db.schema.createTable('credentials'))
    .addColumn('user_id', types.integer, belongsTo('users'))
    .addColumn('provider_id', 'text', filled)
    .addColumn('account_id', 'text', filled)
    .addColumn('password', 'text')
    .addColumn('access_token', 'text')
    .addColumn('refresh_token', 'text')
    .addColumn('id_token', 'text')
    .addColumn('access_token_expires_at', 'text')
    .addColumn('refresh_token_expires_at', 'text')
    .addColumn('scope', 'text')
    .addColumn('created_at', 'text', filled)
    .addColumn('updated_at', 'text', filled)
    .addUniqueConstraint('credentials_provider', ['provider_id', 'account_id'])
    .execute()
  await db.schema.createIndex('credentials_by_user').on('credentials').column('user_id').execute()

  await types
    .withId(db.schema.createTable('web_sessions'))
    .addColumn('user_id', types.integer, belongsTo('users'))
    .addColumn('token', 'text', (column) => column.notNull().unique())
    .addColumn('user_agent', 'text')
    .addColumn('ip_address', 'text')
    .addColumn('expires_at', 'text', filled)
    .addColumn('created_at', 'text', filled)
    .addColumn('updated_at', 'text', filled)
    .addColumn('last_used_at', 'text')
    .execute()
  await db.schema.createIndex('web_sessions_by_user').on('web_sessions').column('user_id').execute()
  await db.schema.createIndex('web_sessions_by_end').on('web_sessions').column('expires_at').execute()

  await types
    .withId(db.schema.createTable('verifications'))
    .addColumn('identifier', 'text', filled)
    .addColumn('value', 'text', filled)
    .addColumn('expires_at', 'text', filled)
    .addColumn('created_at', 'text', filled)
    .addColumn('updated_at', 'text', filled)
    .execute()
  await db.schema.createIndex('verifications_by_identifier').on('verifications').column('identifier').execute()

  await types
    .withId(db.schema.createTable('static_tokens'))
    .addColumn('user_id', types.integer, belongsTo('users'))
    .addColumn('name', 'text', filled)
    .addColumn('prefix', 'text', filled)
    .addColumn('hash', 'text', (column) => column.notNull().unique())
    .addColumn('created_at', 'text', filled)
    .addColumn('last_used_at', 'text')
    .execute()
  await db.schema.createIndex('static_tokens_by_user').on('static_tokens').column('user_id').execute()

  await db.schema
    .createTable('guesses')
    .addColumn('subject', 'text', (column) => column.primaryKey())
    .addColumn('count', types.integer, filled)
    .addColumn('resets_at', 'text', filled)
    .execute()
}
