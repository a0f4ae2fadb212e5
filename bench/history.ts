import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { openDatabase } from '../src/db/connect.ts'
import { migrate } from '../src/db/migrate.ts'
import { list_changes, undo_changes } from '../src/features/history/contract/index.ts'
import {
  bulk_import_packing,
  create_packing_item,
  update_packing_item,
} from '../src/features/packing/contract/index.ts'
import { create_trip } from '../src/features/trips/contract/index.ts'
import { MIGRATIONS } from '../src/migrations.generated.ts'
import { makeUser, makeWorld } from '../test/harness/rigs/world.ts'
import { middle } from './measure.ts'

/**
 * The history of a trip with 100,000 changes, and undo of 1,000 changes on SQLite: the time of a page, the time of the undo, and
 * how long another writer waits for it. `node bench/history.ts`.
 */
const CHANGES = 100_000
const ROUNDS = 7

const folder = mkdtempSync(join(tmpdir(), 'trek-bench-'))
const database = openDatabase(join(folder, 'trek.db'))
await migrate(database, MIGRATIONS)
const { pipeline } = makeWorld(database)
const run = pipeline.run.bind(pipeline)
const ana = await makeUser(database, 'Ana', { way: 'web' })
const { id: tripId } = (await run(create_trip, { title: 'Kyoto' }, ana)).trip

const itemIds: number[] = []
for (let at = 0; at < 20; at++) {
  itemIds.push((await run(create_packing_item, { tripId, name: `Item ${at}` }, ana)).item.id)
}
for (let at = 20; at < CHANGES; at++) {
  await run(update_packing_item, { tripId, itemId: itemIds[at % 20], name: `Item ${at}` }, ana)
}
const head = await database.head({ space: 'trip', id: tripId })

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const before = performance.now()
  await work()
  return performance.now() - before
}

const positions = { 'the first page': undefined, 'a page in the middle': Math.floor(head / 2) }
for (const [name, before] of Object.entries(positions)) {
  const times = []
  for (let round = 0; round < ROUNDS; round++) {
    times.push(await timeOf(() => run(list_changes, { tripId, ...(before && { before }) }, ana)))
  }
  console.log(`${name} of ${head.toLocaleString('en')} changes: ${middle(times).toFixed(1)} ms`)
}
const ofRow = { tripId, entity: 'packing_item', rowId: itemIds[0] }
console.log(`the first page of one row: ${(await timeOf(() => run(list_changes, ofRow, ana))).toFixed(1)} ms`)

const undoTimes = []
const waits = []
for (let round = 0; round < ROUNDS; round++) {
  const { id: other } = (await run(create_trip, { title: 'Nara' }, ana)).trip
  const items = Array.from({ length: 500 }, (_, at) => ({ name: `Piece ${at}` }))
  for (let half = 0; half < 2; half++) await run(bulk_import_packing, { tripId: other, items }, ana)
  const { changes } = await run(list_changes, { tripId: other, limit: 2 }, ana)
  const commits = changes.map(({ commit }) => commit)
  let ended = false
  const undo = timeOf(() => run(undo_changes, { tripId: other, commits }, ana)).finally(() => {
    ended = true
  })
  let longest = 0
  while (!ended) {
    longest = Math.max(longest, await timeOf(() => run(create_packing_item, { tripId, name: 'Meanwhile' }, ana)))
    await pause(1)
  }
  undoTimes.push(await undo)
  waits.push(longest)
}
console.log(
  `undo of 1,000 changes: ${middle(undoTimes).toFixed(0)} ms; another writer waited ${middle(waits).toFixed(0)} ms`,
)

await database.close()
rmSync(folder, { recursive: true })
