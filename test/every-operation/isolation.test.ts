import { describe, expect, test } from 'vitest'
import type { Caller } from '../../src/core/data/space.ts'
import { administration } from '../../src/core/declare/operation.ts'
import type { Samples } from '../fixtures/samples/scene.ts'
import { inputOf, isReference, makeKeys, makeSamples, sampleFor } from '../fixtures/samples.ts'
import { eachDatabase } from '../harness/database/databases.ts'
import { everyOperation, named } from '../harness/operations.ts'
import { makeUser, makeWorld, type World } from '../harness/rigs/world.ts'

const inTrips = named(everyOperation.filter((bound) => bound.space))
const forAdmins = named(everyOperation.filter((bound) => bound.operation.permission === administration))
// Open operations show the content of a link to everybody who has the link.
const otherOperations = named(
  everyOperation.filter(({ space, operation }) => !space && !operation.open && operation.permission !== administration),
)

// These refer to rows that belong to the whole instance.
const OF_THE_INSTANCE = new Set(['categoryId', 'templateId'])

/**
 * The head of the change log of every space, and the number of rows of each entity: while both stay the same, nothing was
 * written through a transaction, and nothing was added or removed past it. The cost does not depend on the number of rows.
 */
async function traces({ database, catalogue }: World): Promise<string> {
  const heads = await database.kysely.selectFrom('spaces').selectAll().orderBy('space').orderBy('id').execute()
  const counts = await database.read(async (tx) => {
    const counted: unknown[] = []
    for (const { entity } of catalogue.entities.values()) counted.push([entity.name, await tx.count(entity, {})])
    return counted
  })
  return JSON.stringify([heads, counts])
}

/** Every row: this shows changes past the change log, checked once after all attempts. */
async function everything({ database, catalogue }: World): Promise<string> {
  return database.read(async (tx) => {
    const rows: unknown[] = []
    for (const { entity } of catalogue.entities.values()) rows.push(await tx.list(entity, {}))
    return JSON.stringify(rows)
  })
}

eachDatabase((database) => {
  let cachedScene:
    | { world: World; owner: Caller; samples: Samples; stranger: Caller; samplesOfStranger: Samples; before: string }
    | undefined
  async function scene() {
    if (cachedScene) return cachedScene
    const world = makeWorld(database())
    const [owner, stranger] = [
      await makeUser(database(), 'Owner'),
      await makeUser(database(), 'Stranger', { way: 'web' }),
    ]
    const [samples, samplesOfStranger] = [await makeSamples(world, owner), await makeSamples(world, stranger)]
    const keys = await makeKeys(world, owner, samples.mark as string)
    cachedScene = {
      world,
      owner,
      stranger,
      samples: { ...samples, ...keys },
      samplesOfStranger,
      before: await everything(world),
    }
    return cachedScene
  }

  describe('a stranger with real ids', () => {
    test.each(inTrips)('gets "not found" from %s and changes nothing', async (_, operation) => {
      const { world, samples, stranger } = await scene()
      const before = await traces(world)
      const call = (tripId: unknown) =>
        world.run(operation, { ...inputOf(operation, samples), tripId }, stranger).then(
          () => 'done',
          (error) => ({ code: error.code, message: error.message, hint: error.hint }),
        )
      const answer = await call(samples.tripId)
      expect(answer).toMatchObject({ code: 'not_found' })
      expect(answer).toEqual(await call(2_000_000_000))
      expect(await traces(world)).toBe(before)
    })

    test.each(inTrips)('gets nothing from %s in their own trip with ids of another trip', async (_, operation) => {
      const { world, samples, stranger, samplesOfStranger } = await scene()
      const input = inputOf(operation, samples)
      const foreignFields = Object.keys(input).filter(
        (key) => isReference(key) && !OF_THE_INSTANCE.has(key) && key !== 'tripId',
      )
      for (const key of foreignFields) {
        const before = await traces(world)
        const mixed = { ...inputOf(operation, samplesOfStranger), [key]: sampleFor(operation, key, samples) }
        const answer = await world.run(operation, mixed, stranger).catch((error) => error)
        expect(answer, `${key} of another trip`).toMatchObject({
          code: expect.stringMatching(/^(not_found|invalid|conflict)$/),
        })
        expect(await traces(world)).toBe(before)
      }
    })
  })

  test('the attempts of a stranger have left every row unchanged', async () => {
    const { world, before } = await scene()
    expect(await everything(world)).toBe(before)
  })

  describe('outside of trips', () => {
    test.each(forAdmins)('%s is for administrators only', async (_, operation) => {
      const { world, samples, stranger } = await scene()
      const before = await traces(world)
      const answer = await world.run(operation, inputOf(operation, samples), stranger).catch((error) => error)
      expect(answer).toMatchObject({ code: 'forbidden' })
      expect(await traces(world)).toBe(before)
    })

    test('the attempts at operations for administrators have left every row unchanged', async () => {
      const { world, before } = await scene()
      expect(await everything(world)).toBe(before)
    })

    test.each(otherOperations)('%s neither changes nor returns data of another user', async (_, operation) => {
      const { world, owner, samples, stranger } = await scene()
      const ownRows = async () => {
        const { rows } = await world.pipeline.snapshot({ space: 'user', id: owner.userId }, owner)
        return JSON.stringify(rows)
      }
      const before = await ownRows()
      const answer = await world.run(operation, inputOf(operation, samples), stranger).catch((error) => {
        if (!error.code) throw error
        return null
      })
      expect(await ownRows()).toBe(before)
      expect(JSON.stringify(answer)).not.toContain(samples.mark as string)
    })
  })
})
