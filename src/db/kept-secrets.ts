import type { Kysely } from 'kysely'
import type { SpaceRef } from '../core/data/space.ts'
import type { Tables } from '../core/data/tx.ts'

/** The secret columns of a removed row, encrypted: the change log omits them. */
interface KeptSecrets {
  readonly commit_id: string
  /** The position of the removal in the commit. */
  readonly nth: number
  readonly space: string
  readonly space_id: number
  readonly entity: string
  readonly row_id: number
  /** The columns as a JSON object, sealed. */
  readonly sealed: string
  readonly at: string
}

declare module '../core/data/tx.ts' {
  interface Tables {
    kept_secrets: KeptSecrets
  }
}

type Db = Kysely<Tables>

const AT_ONCE = 50

export async function keepSecrets(db: Db, kept: readonly KeptSecrets[]): Promise<void> {
  for (let start = 0; start < kept.length; start += AT_ONCE) {
    await db
      .insertInto('kept_secrets')
      .values(kept.slice(start, start + AT_ONCE))
      .execute()
  }
}

/** What was kept at this removal; null if nothing was, or if its time is over. */
export async function keptSecretsOf(db: Db, commit: string, nth: number): Promise<string | null> {
  const kept = await db
    .selectFrom('kept_secrets')
    .select('sealed')
    .where('commit_id', '=', commit)
    .where('nth', '=', nth)
    .executeTakeFirst()
  return kept?.sealed ?? null
}

export async function forgetSecretsOfSpace(db: Db, { space, id }: SpaceRef): Promise<void> {
  await db.deleteFrom('kept_secrets').where('space', '=', space).where('space_id', '=', id).execute()
}

export async function forgetSecretsOfRows(db: Db, entity: string, ids: readonly number[]): Promise<void> {
  await db.deleteFrom('kept_secrets').where('entity', '=', entity).where('row_id', 'in', ids).execute()
}

/** Forgets what was kept before this moment. */
export async function forgetSecretsBefore(db: Db, at: string): Promise<void> {
  await db.deleteFrom('kept_secrets').where('at', '<', at).execute()
}
