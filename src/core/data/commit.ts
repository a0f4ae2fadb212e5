import { isUuid, newUuid } from '../declare/uuid.ts'
import type { Author, Commit, Database, WriteTx } from './database.ts'
import type { Feed } from './feed.ts'
import type { SpaceRef } from './space.ts'

/** A commit made in this space. It has the client's own id if that is a UUID (RFC 9562), otherwise a new one. */
export const newCommit = (home: SpaceRef, id?: string, instance: string | null = null): Commit => ({
  id: id !== undefined && isUuid(id) ? id : newUuid(),
  home,
  instance,
})

/** One tracked write that is no operation of the catalogue. It is logged and published like every other. */
export async function commitAs(
  { database, feed }: { readonly database: Database; readonly feed: Feed },
  space: SpaceRef,
  author: Author,
  work: (tx: WriteTx) => Promise<void>,
): Promise<void> {
  const commit = newCommit(space)
  const batches = await database.write(space, async (tx) => {
    await work(tx)
    return tx.writeLog(author, commit)
  })
  for (const batch of batches) feed.publish(batch)
}
