import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Caller } from '../../src/core/data/space.ts'
import type { AnyOperation } from '../../src/core/declare/operation.ts'
import { jsonSchema } from '../../src/core/run/schema.ts'
import type { Samples } from '../fixtures/samples/scene.ts'
import { inputOf, makeKeys, makeSamples } from '../fixtures/samples.ts'
import { eachDatabase } from '../harness/database/databases.ts'
import { everyOperation } from '../harness/operations.ts'
import { makeUser, makeWorld, type World } from '../harness/rigs/world.ts'

/** Texts that every text argument must refuse. */
const REFUSED = {
  'a NUL': 'a\u0000b',
  'an escape': 'a\u001b[31mb',
  'a direction override': 'abc\u202egpj.exe',
  'half a character': 'a\ud800b',
  'a text of a million characters': 'x'.repeat(1_000_000),
}

/** Ordinary texts: stored unchanged, or refused by a field with a narrower format. */
const HARMLESS = {
  markup: '<img src=x onerror=alert(1)>',
  SQL: "'); drop table users; --",
  emoji: '👩‍👩‍👧‍👦 🏯',
}

interface TextField {
  operation: AnyOperation
  key: string
  name: string
}

const isText = (property: { type?: unknown; enum?: unknown }): boolean =>
  !property.enum && [property.type].flat().includes('string')

// Cursors are made by the server, and a password may contain anything that can be typed.
const NO_TEXT = /cursor|password/

const textFields: TextField[] = everyOperation.flatMap(({ operation }) => {
  const { properties } = jsonSchema(operation.input, 'input') as { properties: Record<string, { type?: unknown }> }
  return Object.entries(properties)
    .filter(([key, property]) => isText(property) && !NO_TEXT.test(key))
    .map(([key]) => ({ operation, key, name: `${operation.name}.${key}` }))
})

eachDatabase((database) => {
  let world: World
  let owner: Caller
  let samples: Samples
  beforeAll(async () => {
    world = makeWorld(database())
    owner = await makeUser(database(), 'Owner', { admin: true, way: 'web' })
    const created = await makeSamples(world, owner)
    samples = { ...created, ...(await makeKeys(world, owner, created.mark as string)) }
  })

  const everything = () =>
    database().read(async (tx) => {
      const rows: unknown[] = []
      for (const { entity } of world.catalogue.entities.values()) rows.push(await tx.list(entity, {}))
      return JSON.stringify(rows)
    })

  const call = ({ operation, key }: TextField, text: string) =>
    world.run(operation, { ...inputOf(operation, samples), [key]: text }, owner)

  test.each(textFields)('$name refuses harmful text with an explanation, and writes nothing', async (field) => {
    const before = await everything()
    for (const [kind, text] of Object.entries(REFUSED)) {
      const answer = await call(field, text).catch((error) => error)
      expect(answer, kind).toMatchObject({ code: expect.stringMatching(/^(invalid|not_found)$/) })
      expect(answer.message.length, kind).toBeLessThan(1000)
    }
    expect(await everything()).toBe(before)
  })

  test.each(textFields)('$name treats text as plain text', async (field) => {
    for (const [kind, text] of Object.entries(HARMLESS)) {
      const answer = await call(field, text).catch((error) => {
        if (!error.code || error.code === 'bug') throw error
        return null
      })
      const answerText = JSON.stringify(answer)
      // An accepted text comes back as written: nothing is cleaned, cut or escaped.
      if (answer && field.operation.effect !== 'read' && field.key in flat(answer)) {
        expect(answerText, kind).toContain(JSON.stringify(text).slice(1, -1))
      }
    }
  })

  afterAll(async () => {
    // All tables still exist.
    await everything()
  })
})

/** The fields of the row in an answer. */
const flat = (answer: object): object =>
  Object.assign({}, ...Object.values(answer).filter((one) => typeof one === 'object'))
