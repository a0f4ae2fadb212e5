import type { ReadTx } from '../../../core/data/tx.ts'
import type { Person } from '../../contract/person.ts'

/** The people with these ids, in no particular order; unknown ids are left out. */
export async function findPeople(tx: ReadTx, ids: readonly number[]): Promise<Person[]> {
  if (!ids.length) return []
  const rows = await tx.ask(`people*${ids.length}`, ids, (db) =>
    db.selectFrom('users').select(['id as user_id', 'username', 'name']).where('id', 'in', ids),
  )
  return rows as unknown as Person[]
}

/** The person with exactly this username or e-mail address (both stored in lower case), or null; never a guest. */
export async function findPersonByIdentifier(tx: ReadTx, identifier: string): Promise<Person | null> {
  const name = identifier.trim().toLowerCase()
  const row = await tx
    .selectFrom('users')
    .select(['id as user_id', 'username', 'name'])
    .where((either) => either.or([either('username', '=', name), either('email', '=', name)]))
    .where('is_guest', '=', false)
    .executeTakeFirst()
  return row ?? null
}
