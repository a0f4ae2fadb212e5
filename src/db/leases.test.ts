import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { eachDatabase } from '../../test/harness/database/databases.ts'
import { openDatabase } from './connect.ts'

eachDatabase((database, place) => {
  test('one process at a time holds a lease, and the next one gets it on release', async () => {
    const other = openDatabase(place().target)
    const [ourLease, otherLease] = [database().lease('jobs'), other.lease('jobs')]
    expect([await ourLease.hold(), await otherLease.hold(), await ourLease.hold()]).toEqual([true, false, true])
    expect(await other.lease('something else').hold()).toBe(true)
    await ourLease.release()
    expect([await otherLease.hold(), await ourLease.hold()]).toEqual([true, false])
    await otherLease.release()
    await other.close()
  })

  test('the lease of a process that is gone is free', async () => {
    const closedDatabase = openDatabase(place().target)
    const lostLease = closedDatabase.lease('jobs')
    expect(await lostLease.hold()).toBe(true)
    if (database().dialect.name === 'postgres')
      await sql`update leases set until = until - 100`.execute(closedDatabase.kysely)
    // The lock on a file ends with its process.
    else await lostLease.release()
    expect(await database().lease('jobs').hold()).toBe(true)
    await closedDatabase.close()
  })
})
