import { createHash } from 'node:crypto'
import type { Migration } from '../../../core/data/migration.ts'

/** Of the tokens of web sessions only hashes are kept from now on; who is logged in stays so. */
export const sessionHashes: Migration = async (db) => {
  for (const { id, token } of await db.selectFrom('web_sessions').select(['id', 'token']).execute()) {
    const hash = createHash('sha256').update(token).digest('hex')
    await db.updateTable('web_sessions').set({ token: hash }).where('id', '=', id).execute()
  }
}
