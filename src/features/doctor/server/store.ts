import type { Kysely } from 'kysely'
import type { Tables } from '../../../core/data/tx.ts'

/** Ends the MCP sessions opened with this grant, including those whose id never came back. */
export async function removeSessionsOf(db: Kysely<Tables>, grant: string): Promise<void> {
  await db.deleteFrom('mcp_sessions').where('grant_id', '=', grant).execute()
}
