import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AnyOperation } from '../../src/core/declare/operation.ts'
import { list_collab_polls, send_collab_message, vote_collab_poll } from '../../src/features/collab/contract/index.ts'
import { upload_file } from '../../src/features/files/contract/index.ts'
import { create_place } from '../../src/features/places/contract/index.ts'
import { planTheWeek } from '../fixtures/kyoto.ts'
import { uploaded } from '../fixtures/samples/files.ts'
import { connectAssistant, ERAS } from '../harness/assistant.ts'
import { ENGINES, type Place } from '../harness/database/databases.ts'
import { declared } from '../harness/operations.ts'
import { type Running, startRunning } from '../harness/rigs/running.ts'
import { type Call, deadEnds, type Expected, type Outcome, type Request, sections } from './requests.ts'

/** The morning of Monday, the 1st of March 2027. */
const aheadMs = Date.parse('2027-03-01T09:00:00Z') - Date.now()
const clock = () => new Date(Date.now() + aheadMs)

/** The roots of a path: the trip, people, and the answers of a request, numbered from 1. */
type Known = Readonly<Record<string, unknown>>

/** The value at a path such as `trip.days.0.assignments[Kinkaku-ji].id`. */
function at(path: string, ids: Known): unknown {
  let value: unknown = ids
  for (const [, key = '', name] of path.matchAll(/([^.[\]]+)|\[([^\]]*)\]/g)) {
    if (name === undefined) value = (value as Known | undefined)?.[key]
    else value = (value as Named[] | undefined)?.find((one) => namesOf(one).includes(name))
    if (value === undefined) throw new Error(`There is no ${path}`)
  }
  return value
}

type Named = Partial<Record<'name' | 'title' | 'text' | 'question', string>> & { place?: { name: string } | null }
const namesOf = ({ name, title, text, question, place }: Named) => [name, title, text, question, place?.name]

/** The value with its paths resolved. */
function filled(value: unknown, ids: Known): unknown {
  if (typeof value === 'string') {
    if (value.startsWith('$')) return at(value.slice(1), ids)
    return value.replace(/<([^<>]+)>/g, (_, path) => String(at(path, ids)))
  }
  if (Array.isArray(value)) return value.map((one) => filled(one, ids))
  if (typeof value !== 'object' || value === null || value instanceof RegExp) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, filled(one, ids)]))
}

/** Where a value differs from the expected one; empty if it does not. */
function differences(actual: unknown, expected: Expected, where = 'answer'): string[] {
  if (expected instanceof RegExp) return expected.test(String(actual)) ? [] : [`${where} is ${JSON.stringify(actual)}`]
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual)) return [`${where} is no list`]
    let from = 0
    for (const one of expected) {
      const index = actual.findIndex((other, place) => place >= from && differences(other, one).length === 0)
      if (index < 0) return [`${where} has no ${JSON.stringify(one)} from ${from} on: ${JSON.stringify(actual)}`]
      from = index + 1
    }
    return []
  }
  if (typeof expected === 'object' && expected !== null) {
    return Object.entries(expected).flatMap(([key, one]) =>
      differences((actual as Known | null | undefined)?.[key], one, `${where}.${key}`),
    )
  }
  return Object.is(actual, expected) ? [] : [`${where} is ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`]
}

/** The entries that should be missing but are present. */
function remains(actual: unknown, lacking: Expected): unknown[] {
  if (Array.isArray(lacking)) {
    return (actual as unknown[]).filter((one) => lacking.some((absent) => differences(one, absent).length === 0))
  }
  return Object.entries(lacking as Known).flatMap(([key, one]) => remains((actual as Known)[key], one))
}

const [{ place: sqlitePlace }] = ENGINES
let place: Place
let people: Awaited<ReturnType<typeof planned>>
/** Restores the database to the plan of everybody. */
let putBack: () => Promise<void>

const start = () =>
  startRunning(place.target, { DATA_DIR: place.folder, APP_URL: 'https://trek.example.org' }, { clock })

beforeAll(async () => {
  place = await sqlitePlace({ migrated: true })
  const running = await start()
  people = await planned(running)
  await running.close()
  expect(running.failures).toEqual([])
  putBack = await place.backUp()
})
afterAll(() => place.remove())

/** A week in Kyoto of Ana, Ben and Cleo; Dora only has an account. */
async function planned({ person, url, pipeline, services }: Running) {
  const [ana, ben, cleo, dora] = [await person('Ana'), await person('Ben'), await person('Cleo'), await person('Dora')]
  const { tool, close } = await connectAssistant(url, ana.token, ERAS[1])
  const { tripId } = await planTheWeek(tool, { friend: ben })
  await tool('add_trip_member', { tripId, identifier: cleo.username })
  await close()
  const asBen = <Op extends AnyOperation>(operation: Op, input: object) => pipeline.run(operation, input, ben.caller)
  const { polls } = await asBen(list_collab_polls, { tripId })
  await asBen(vote_collab_poll, { tripId, pollId: polls[0]?.id as number, optionIndex: 1 })
  await asBen(send_collab_message, { tripId, text: 'Shall we take the early train to Nara?' })
  for (const name of ['Kyoto Railway Museum', 'Yoshida Sanso']) await asBen(create_place, { tripId, name })
  const file = await uploaded(services.files, Buffer.from('%PDF-1.7\n%%EOF\n'), 'rail-pass.pdf')
  await asBen(upload_file, { tripId, file, description: 'Voucher for three' })
  return { tripId, token: ana.token, dora }
}

/** Ana’s assistant in that trip. */
async function sceneOf({ url }: Running) {
  const { tripId, token, dora } = people
  const { client, tool, close } = await connectAssistant(url, token, ERAS[1])

  const read = async (target: Outcome['read'] & object, ids: Known): Promise<unknown> => {
    if ('tool' in target) return tool(target.tool, filled(target.args, ids) as object)
    const { contents } = await client.readResource({ uri: target.resource })
    return JSON.parse((contents[0] as { text: string }).text)
  }

  /** Calls tools one after the other, each of which must succeed; returns the known values after that. */
  const carryOut = async (calls: readonly Call[], ids: Known): Promise<Known> => {
    const allIds: Record<string, unknown> = { ...ids }
    for (const [index, { tool: name, args }] of calls.entries()) {
      allIds[index + 1] = await tool(name, filled(args, allIds) as object)
    }
    return allIds
  }

  /** The differences from the requested outcome, given the answer of the last call. */
  const missed = async ({ read: target, shows, lacks }: Outcome, ids: Known, answer?: unknown): Promise<unknown[]> => {
    const actual = target ? await read(target, ids) : answer
    return [
      ...differences(actual, filled(shows, ids)),
      ...(lacks === undefined ? [] : remains(actual, filled(lacks, ids))),
    ]
  }

  return {
    close,
    tools: async () => (await client.listTools()).tools.map(({ name }) => name),
    carryOut,
    missed,
    /** The values that the assistant knows before a request. */
    known: async (): Promise<Known> => ({ trip: await tool('get_trip_summary', { tripId }), people: { dora } }),
    /** Calls a tool, whether or not it succeeds. */
    async attempt({ tool: name, args }: Call, ids: Known) {
      const { isError = false, content } = await client.callTool({
        name,
        arguments: filled(args, ids) as Record<string, unknown>,
      })
      return { isError, said: JSON.stringify(content) }
    },
    async meet({ calls, outcome }: Request, ids: Known): Promise<void> {
      const allIds = await carryOut(calls, ids)
      expect(await missed(outcome, allIds, allIds[calls.length])).toEqual([])
    },
  }
}

type Scene = Awaited<ReturnType<typeof sceneOf>>

/** Runs a suite in a scene of its own; its server must have no failure in the background. */
function inScene(suite: (scene: () => Scene) => void): void {
  let running: Running
  let scene: Scene
  beforeAll(async () => {
    await putBack()
    running = await start()
    scene = await sceneOf(running)
  })
  afterAll(async () => {
    await scene.close()
    await running.close()
    expect(running.failures).toEqual([])
  })
  suite(() => scene)
}

const byWords = <R extends { ask: string }>(requests: readonly R[]): [string, R][] =>
  requests.map((request) => [request.ask, request])

describe.each(sections.map(({ about, requests }) => [about, requests] as const))('%s', (_, requests) => {
  inScene((scene) => {
    test.each(byWords(requests))('%s', async (_, request) => {
      await scene().meet(request, await scene().known())
    })
  })
})

describe('what no tool can do', () => {
  inScene((scene) => {
    test.each(byWords(deadEnds))('%s', async (_, { missing }) => {
      if ('tool' in missing) {
        expect(await scene().tools()).not.toContain(missing.tool)
        expect(declared.operation(missing.tool) !== undefined).toBe(missing.inApp)
        return
      }
      const { before = [], guess, refusal } = missing
      const { isError, said } = await scene().attempt(guess, await scene().carryOut(before, await scene().known()))
      expect(isError).toBe(true)
      expect(said).toMatch(refusal)
    })

    test('some request calls every other tool', async () => {
      const called = new Set([
        ...sections.flatMap(({ requests }) => requests.flatMap(({ calls }) => calls.map(({ tool }) => tool))),
        ...deadEnds.flatMap(({ missing }) => ('tool' in missing ? [] : missing.guess.tool)),
      ])
      expect((await scene().tools()).filter((name) => !called.has(name))).toEqual([])
    })
  })

  test('there are no other requests that no tool can do', () => expect(deadEnds).toHaveLength(15))
})
