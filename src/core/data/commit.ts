import type { Author, Database, WriteTx } from './database.ts'
import type { Feed } from './feed.ts'
import type { SpaceRef } from './space.ts'

/** One tracked write that is no operation of the catalogue: it is logged and told like every other. */
export async function commitAs(
  { database, feed }: { readonly database: Database; readonly feed: Feed },
  space: SpaceRef,
  author: Author,
  work: (tx: WriteTx) => Promise<void>,
): Promise<void> {
  const batches = await database.write(space, async (tx) => {
    await work(tx)
    return tx.writeLog(author)
  })
  for (const batch of batches) feed.publish(batch)
}
