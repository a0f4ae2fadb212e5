import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { setFlagsFromString, writeHeapSnapshot } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { TrekError } from '../../../src/core/declare/errors.ts'
import { openDatabase } from '../../../src/db/connect.ts'
import { delete_user } from '../../../src/features/admin/contract/index.ts'
import { delete_trip } from '../../../src/features/trips/contract/index.ts'
import { inputOf, makeKeys, makeSamples } from '../../fixtures/samples.ts'
import { runMarked } from '../marking.ts'
import { everyOperation } from '../operations.ts'
import { commandLine } from '../rigs/accounts.ts'
import { makeUser, makeWorld } from '../rigs/world.ts'

// Writes rows of every entity with a mark in their texts, deletes them, and writes a heap snapshot:
// `node test/harness/processes/heap-process.ts <database> <file>`. Prints the mark and the entities whose rows contained it.
const [target, file] = process.argv.slice(2) as [string, string]
const database = openDatabase(target)
const world = makeWorld(database)

/** Keeps all references to the mark inside this function, so that none is left when it returns. */
async function writeAndDelete(): Promise<void> {
  const mark = `mark${randomUUID().replaceAll('-', '')}`
  const marking = { ...world, run: runMarked(world.run, mark) }
  const ana = await makeUser(database, mark)
  const ben = await makeUser(database, mark)
  const samples = {
    ...(await makeSamples(marking, ana, ben)),
    ...(await makeKeys(marking, ana, mark)),
  }
  const tripId = samples.tripId as number
  const ends = /^(delete|remove|revoke|empty|leave|transfer)_/
  const writes = everyOperation.filter(({ operation: { effect, name } }) => effect !== 'read' && !ends.test(name))
  for (const { operation } of writes) {
    const admin = { ...ana, admin: true, way: 'cli' } as const
    // Some operations are invalid here and are refused.
    await marking.run(operation, inputOf(operation, samples), admin).catch((error) => {
      if (!(error instanceof TrekError)) throw error
    })
  }
  const logged = await database.kysely.selectFrom('changes').select(['entity', 'after']).execute()
  console.log(mark)
  console.log([...new Set(logged.flatMap(({ entity, after }) => (after?.includes(mark) ? [entity] : [])))].join(' '))
  await world.run(delete_trip, { tripId }, ana)
  for (const { userId } of [ana, ben]) await world.run(delete_user, { userId }, commandLine)
}

await writeAndDelete()
world.finished.length = 0
// V8 keeps the last text that a regular expression was matched against.
;/^x/.test('x')
// The product writes buffered data within a second.
await pause(1500)
setFlagsFromString('--expose-gc')
runInNewContext('gc')({ type: 'major', execution: 'sync', flavor: 'last-resort' })
writeHeapSnapshot(file)
await database.close()
process.exit(0)
