import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { add_member, create_crate, create_thing, Thing } from '../../test/fixtures/toy/contract/index.ts'
import { eachDatabase } from '../../test/harness/database/databases.ts'
import { openToy, TOY_OWNER } from '../../test/harness/rigs/toy-rig.ts'
import { newCommit } from '../core/data/commit.ts'
import { commits } from './migrations/0028_commits.ts'

const AUTHOR = { name: '', way: 'cli', client: null, grant: null, operation: 'seed' } as const

eachDatabase((database, place) => {
  const withToy = async (work: (toy: Awaited<ReturnType<typeof openToy>>) => Promise<void>) => {
    const toy = await openToy(place().target)
    try {
      await work(toy)
    } finally {
      await toy.close()
    }
    expect(toy.failures).toEqual([])
  }

  test('the writes of one call in several spaces are one commit, in the order of writing', () =>
    withToy(async ({ pipeline }) => {
      const { crate } = await pipeline.run(create_crate, { label: 'Tools' }, TOY_OWNER)
      const space = { space: 'crate', id: crate.id }
      await pipeline.run(add_member, { crateId: crate.id, userId: 3, role: 'editor' }, TOY_OWNER)
      const [inCrate] = await database().changesSince(space, 1)
      const [ofUser] = await database().changesSince({ space: 'user', id: 3 }, 0)
      expect(inCrate).toMatchObject({ commit: { home: space }, changes: [{ nth: 0, entity: 'crate_member' }] })
      expect(ofUser).toMatchObject({ commit: inCrate?.commit, changes: [{ nth: 1, entity: 'crate_member' }] })
    }))

  test('a commit has the id of the client if that is a UUID, else one of its own, and the feed has the same id', () =>
    withToy(async ({ pipeline }) => {
      const { crate } = await pipeline.run(create_crate, { label: 'Tools' }, TOY_OWNER)
      const commitIds: string[] = []
      pipeline.parts.feed.tap(({ commit }) => commitIds.push(commit.id))
      const commitId = randomUUID()
      for (const key of [commitId, 'again', undefined, 'B'.repeat(200)]) {
        await pipeline.call(create_thing, { crateId: crate.id, name: 'Rope' }, TOY_OWNER, { key })
      }
      const logged = (await database().changesSince({ space: 'crate', id: crate.id }, 1)).map(({ commit }) => commit.id)
      expect(logged).toEqual(commitIds)
      expect(logged[0]).toBe(commitId)
      expect(new Set(logged).size).toBe(4)
      for (const id of logged) expect(id).toMatch(/^[0-9a-f-]{36}$/)
    }))

  test('the log is read in parts, and no part splits a commit', () =>
    withToy(async ({ pipeline, database: toy }) => {
      const { crate } = await pipeline.run(create_crate, { label: 'Tools' }, TOY_OWNER)
      const ref = { space: 'crate', id: crate.id }
      for (const count of [1, 3, 1, 2]) {
        await toy.write(ref, async (tx) => {
          for (let at = 0; at < count; at++) await tx.insert(Thing, { crate_id: crate.id, name: `Thing ${at}` })
          await tx.writeLog({ ...AUTHOR, user_id: TOY_OWNER.userId }, newCommit(ref))
        })
      }
      const allChanges = await database().changesSince(ref, 1)
      expect(allChanges.map(({ seq, changes }) => [seq, changes.length])).toEqual([
        [2, 1],
        [5, 3],
        [6, 1],
        [8, 2],
      ])
      for (const [since, most, seqs] of [
        [1, 1, [2]],
        [1, 2, [2, 5]],
        [1, 4, [2, 5]],
        [2, 1, [5]],
        [5, 2, [6, 8]],
        [6, 200, [8]],
        [8, 1, []],
      ] as const) {
        expect((await database().changesSince(ref, since, most)).map(({ seq }) => seq)).toEqual(seqs)
      }
      expect(await database().changesSince(ref, 1, 4)).toEqual(allChanges.slice(0, 2))
    }))

  test('each old batch in the log becomes one commit, even if the migration was interrupted', () =>
    withToy(async ({ pipeline }) => {
      const { crate } = await pipeline.run(create_crate, { label: 'Old' }, TOY_OWNER)
      const ref = { space: 'crate', id: crate.id }
      for (const name of ['Rope', 'Lamp']) await pipeline.run(create_thing, { crateId: crate.id, name }, TOY_OWNER)
      const { kysely, dialect } = database()
      const before = { commit_id: '', nth: 0, home_space: '', home_id: 0 }
      await kysely
        .updateTable('changes')
        .set(before)
        .where('space', '=', 'crate')
        .where('space_id', '=', crate.id)
        .execute()
      for (let time = 0; time < 2; time++) await commits(kysely, dialect)
      const batches = await database().changesSince(ref, 0)
      expect(new Set(batches.map(({ commit }) => commit.id)).size).toBe(3)
      expect(batches.map(({ commit, changes }) => [commit.home, changes.length])).toEqual([
        [ref, 1],
        [ref, 1],
        [ref, 1],
      ])
    }))
})
