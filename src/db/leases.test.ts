import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { eachDatabase } from '../../test/harness/database/databases.ts'
import { openDatabase } from './connect.ts'

eachDatabase((database, place) => {
  test('one process at a time holds a lease, and the next one gets it on release', async () => {
    const other = openDatabase(place().target)
    const [ours, theirs] = [database().lease('jobs'), other.lease('jobs')]
    expect([await ours.hold(), await theirs.hold(), await ours.hold()]).toEqual([true, false, true])
    expect(await other.lease('something else').hold()).toBe(true)
    await ours.release()
    expect([await theirs.hold(), await ours.hold()]).toEqual([true, false])
    await theirs.release()
    await other.close()
  })

  test('the lease of a process that is gone is free', async () => {
    const gone = openDatabase(place().target)
    const lost = gone.lease('jobs')
    expect(await lost.hold()).toBe(true)
    if (database().dialect.name === 'postgres') await sql`update leases set until = until - 100`.execute(gone.kysely)
    // The lock on a file ends with its process.
    else await lost.release()
    expect(await database().lease('jobs').hold()).toBe(true)
    await gone.close()
  })
})
