import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ENGINES } from '../harness/databases.ts'
import { filesOf, lived, placeOn, rowsOf } from '../harness/instances.ts'
import { assistantOf, end, serve } from '../harness/serving.ts'
import { trek } from '../harness/trek.ts'

const [sqlite, postgres] = ENGINES

test('an instance moves to PostgreSQL and back with every row, and its files stay where they are', async () => {
  const kept = await placeOn(sqlite)
  const server = await placeOn(postgres)
  const { serving, tripId } = await lived(kept)
  const refused = await trek(kept.env, 'move', '--to', server.url as string)
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/server of this instance is running/) })
  await end(serving)
  const [rows, files] = [await rowsOf(kept), filesOf(kept)]

  const moved = await trek(kept.env, 'move', '--to', server.url as string)
  expect(moved).toMatchObject({ code: 0, stderr: '' })
  expect(moved.stdout).toMatch(/Set DATABASE_URL/)
  expect(readdirSync(kept.dataDir)).not.toContain('trek.db')
  const there = { ...kept, url: server.url as string, env: { ...kept.env, DATABASE_URL: server.url as string } }
  expect(await rowsOf(there)).toEqual(rows)
  expect(filesOf(there)).toEqual(files)
  const again = await serve(there)
  const assistant = await assistantOf(again)
  expect(await assistant.tool('get_trip_summary', { tripId })).toContain('ticket.txt')
  await assistant.tool('create_place', { tripId, name: 'On PostgreSQL' })
  await end(again)
  const later = await rowsOf(there)

  expect(await trek(there.env, 'move', '--to', 'sqlite')).toMatchObject({ code: 0, stderr: '' })
  expect(await rowsOf(kept)).toEqual(later)
  // What was done is done again by whoever did not see that it was.
  expect(await trek(there.env, 'move', '--to', 'sqlite')).toMatchObject({ code: 0, stderr: '' })
  const back = await serve(kept)
  expect(await (await assistantOf(back)).tool('list_places', { tripId })).toContain('On PostgreSQL')
  await end(back)
  // By now the two hold different things.
  expect(await trek(there.env, 'move', '--to', 'sqlite')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/holds something else/),
  })
  expect(await trek(kept.env, 'move', '--to', 'sqlite')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/on SQLite already/),
  })
}, 120_000)
