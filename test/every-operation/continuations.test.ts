import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AnyOperation } from '../../src/core/declare/operation.ts'
import { MOST_TEXT } from '../../src/core/run/continuations.ts'
import { parseInput } from '../../src/core/run/input.ts'
import { assign_place_to_day } from '../../src/features/assignments/contract/index.ts'
import { export_trip_ics } from '../../src/features/calendar/contract/index.ts'
import { create_place } from '../../src/features/places/contract/index.ts'
import { list_days } from '../../src/features/summary/contract/index.ts'
import { create_trip } from '../../src/features/trips/contract/index.ts'
import { SECTIONS } from '../../src/features/trips/contract/sections.ts'
import { STATIC_NOTICE } from '../../src/identity/server/authenticator.ts'
import { fillWithCopies } from '../fixtures/copious.ts'
import type { Samples } from '../fixtures/samples/scene.ts'
import { inputOf, makeSamples } from '../fixtures/samples.ts'
import { eachDatabase } from '../harness/database/databases.ts'
import { declared, everyOperation, named } from '../harness/operations.ts'
import { type Person, type Running, startRunning } from '../harness/rigs/running.ts'
import { makeWorldOf } from '../harness/rigs/world.ts'

const offered = everyOperation.filter(({ operation }) => operation.expose.includes('mcp'))
const reads = offered.filter(({ operation }) => operation.effect === 'read')
const ofTrip = named(reads.filter(({ space }) => space?.name === 'trip'))
const prompts = declared.prompts.map(({ prompt }) => prompt.name)

describe('every list that an answer can have', () => {
  const read = new Set(declared.resources.map(({ resource }) => resource.read.name))
  const readOperations = everyOperation.filter(
    ({ operation }) => operation.expose.includes('mcp') || read.has(operation.name),
  )

  test.each(named(readOperations))('%s names continuations that exist', (_name, operation) => {
    for (const way of Object.values(operation.continuations)) {
      const { tool, input } = way({ tripId: 7, dayId: 8 })
      const target = offered.find((one) => one.operation.name === tool)?.operation as AnyOperation
      expect(parseInput(target, input)).toMatchObject(input)
      expect(target.pages, 'a continuation that does not page would be cut as well').toBeDefined()
    }
  })

  test.each(named(readOperations.filter(({ operation }) => operation.pages)))(
    '%s has a tool that reads its next page',
    (_name, operation) => {
      const isTool = operation.expose.includes('mcp') && operation.effect === 'read'
      expect(isTool || Object.keys(operation.continuations).includes(operation.pages as string)).toBe(true)
    },
  )
})

/** The calls that an answer names; their inputs are flat. */
const CALL = /call (\w+) with (\{[^{}]*\})/g

interface Answer {
  isError?: boolean
  content?: { text: string }[]
  contents?: { text: string }[]
  messages?: { content: { text: string } }[]
  structuredContent?: Record<string, unknown>
}

const textOf = ({ content = [], contents = [], messages = [] }: Answer): string =>
  [...content, ...contents, ...messages.map((message) => message.content)].map(({ text }) => text).join('\n')

eachDatabase((_, place) => {
  let running: Running
  let ana: Person
  let samples: Samples
  let tripId: number
  beforeAll(async () => {
    running = await startRunning(place().target)
    const ben = await running.person('Ben')
    ana = await running.person('Ana')
    samples = await makeSamples(makeWorldOf(running), ana.caller, ben.caller)
    tripId = samples.tripId as number
    await fillWithCopies(running.database, tripId, ana.caller.userId, 700)
  }, 240_000)
  afterAll(() => running.close())

  async function send(method: string, params: object): Promise<Answer> {
    const { text } = await ana.assistant.post('/mcp', { jsonrpc: '2.0', id: 1, method, params })
    const { result, error } = JSON.parse(text) as { result: Answer; error?: unknown }
    expect(error).toBeUndefined()
    expect(Buffer.byteLength(textOf(result)), `${method} ${JSON.stringify(params)}`).toBeLessThanOrEqual(MOST_TEXT)
    return result
  }

  const call = async (name: string, input: object): Promise<Answer> => {
    const answer = await send('tools/call', { name, arguments: input })
    expect(answer.isError, JSON.stringify(answer.content)).toBeUndefined()
    expectWholeWithoutText(answer)
    return answer
  }

  /** Some clients show a model only the structured answer, so it must say the same and be as short. */
  function expectWholeWithoutText({ content = [], structuredContent = {} }: Answer): void {
    const { about_this_answer, ...output } = structuredContent
    expect(Buffer.byteLength(JSON.stringify(structuredContent))).toBeLessThanOrEqual(MOST_TEXT)
    const [text, ...continuationTexts] = content
      .map((part) => part.text)
      .filter((one) => one !== STATIC_NOTICE)
      .toReversed()
    expect(JSON.parse(text as string)).toEqual(output)
    const isPage = typeof output.next_cursor === 'string' && !continuationTexts[0]?.includes('left out of it')
    expect(about_this_answer).toBe(isPage ? undefined : continuationTexts[0])
  }

  /** All answers reached from an answer by making the calls that it names, with tools alone. */
  async function follow(firstAnswer: Answer, followed: Set<string>): Promise<Answer[]> {
    const answers = [firstAnswer]
    const texts = [textOf(firstAnswer)]
    for (let text = texts.pop(); text !== undefined; text = texts.pop()) {
      // In a JSON text the quotation marks of a call are escaped.
      for (const [, tool = '', input = ''] of text.replaceAll('\\"', '"').matchAll(CALL)) {
        if (followed.has(`${tool} ${input}`)) continue
        followed.add(`${tool} ${input}`)
        const answer = await call(tool, JSON.parse(input))
        answers.push(answer)
        texts.push(textOf(answer))
      }
    }
    return answers
  }

  test('following the calls in answers reaches every row of the trip', { timeout: 240_000 }, async () => {
    const followed = new Set<string>()
    const answers: Answer[] = []
    for (const [name, operation] of ofTrip) {
      answers.push(...(await follow(await call(name, inputOf(operation, samples)), followed)))
    }
    // The identifiers of rows seen, by list and field of an answer: `reservations.id`.
    const seenIds = new Map<string, Set<unknown>>()
    const addSeen = (kind: string, id: unknown) => seenIds.set(kind, (seenIds.get(kind) ?? new Set()).add(id))
    const walk = (value: unknown, list: string, section: string): void => {
      if (Array.isArray(value)) for (const one of value) walk(one, list, section)
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return
      const row = value as Record<string, unknown>
      const kind = typeof row.entry === 'string' ? (row.entry.split(':')[0] as string) : list
      for (const name of ['id', 'category', 'user_id'])
        if (row[name] !== undefined) addSeen(`${kind}.${name}`, row[name])
      for (const [key, one] of Object.entries(row)) {
        walk(one, Array.isArray(one) ? (key === 'items' && list === '' ? section : key) : list, section)
      }
    }
    for (const { structuredContent: output } of answers) {
      walk(output, '', typeof output?.section === 'string' ? output.section : 'items')
    }
    const { rows } = await running.pipeline.snapshot({ space: 'trip', id: tripId }, ana.caller)
    const missing = Object.entries(rows).flatMap(([entity, rowsOfEntity]) => {
      const { lists, by = 'id', as = by } = WHERE[entity] ?? { lists: [] }
      const shownIds = new Set(lists.flatMap((list) => [...(seenIds.get(`${list}.${as}`) ?? [])]))
      // Only the app shows rows in the trash.
      const rowsToShow = (rowsOfEntity as Record<string, unknown>[]).filter((row) => !row.deleted_at)
      const lostRows = rowsToShow.filter((row) => !shownIds.has(row[by]))
      return lostRows.length ? [`${lostRows.length} of ${rowsToShow.length} ${entity}`] : []
    })
    expect(missing).toEqual([])
  })

  test.each(declared.resources.map(({ resource }) => [resource.uri, resource.read] as const))(
    '%s fits into one answer, and names a tool for the rest',
    { timeout: 60_000 },
    async (template, operation) => {
      const uri = template.replace(/\{(\w+)\}/g, (_match, key) =>
        String(inputOf(operation, samples)[key] ?? samples[key]),
      )
      const answer = await send('resources/read', { uri })
      const [json = '', continuationText = ''] = (answer.contents ?? []).map(({ text }) => text)
      const { next_cursor } = JSON.parse(json) as { next_cursor?: string | null }
      if (next_cursor) expect(continuationText).toMatch(/^There are \d+ more: call \w+ with \{/)
      for (const one of await follow(answer, new Set())) expect(one.isError).toBeUndefined()
    },
  )

  test.each(prompts)('the prompt %s fits into one answer', { timeout: 60_000 }, async (name) => {
    const answer = await send('prompts/get', { name, arguments: { tripId: String(tripId) } })
    for (const one of await follow(answer, new Set())) expect(one.isError).toBeUndefined()
  })

  /** All items of a section, page by page. */
  async function readSection(input: object) {
    const items: { id?: number; entry?: string }[] = []
    let cursor: unknown
    let expected: number | undefined
    do {
      const { structuredContent } = await call('read_trip_section', { tripId, ...input, ...(cursor ? { cursor } : {}) })
      const page = structuredContent as { items: typeof items; next_cursor: unknown; remaining: number }
      expected ??= page.items.length + page.remaining
      items.push(...page.items)
      cursor = page.next_cursor
    } while (cursor)
    expect(items.length).toBe(expected)
    expect(new Set(items.map((item) => JSON.stringify(item))).size).toBe(items.length)
    return items
  }

  test.each(SECTIONS)('the section %s can be read completely, page by page', { timeout: 60_000 }, async (section) => {
    await readSection({ section })
  })

  test('the summary of a three-week trip with 120 stops shows the id of every stop', async () => {
    const dates = { start_date: '2027-04-05', end_date: '2027-04-25' }
    const { trip } = await running.pipeline.run(create_trip, { title: 'Japan', ...dates }, ana.caller)
    const { days } = await running.pipeline.run(list_days, { tripId: trip.id }, ana.caller)
    const stops: number[] = []
    for (let at = 0; at < 120; at++) {
      const values = {
        name: `A temple or a garden, number ${at}`,
        description: 'What the guide book says of it, and what a friend said who was there. '.repeat(6),
        address: `${at} Karasuma-dōri, Nakagyō-ku, Kyoto 604-8152, Japan`,
        ...{ lat: 35 + at / 1000, lng: 135.7, place_time: '09:00' },
      }
      const { place: createdPlace } = await running.pipeline.run(
        create_place,
        { tripId: trip.id, ...values },
        ana.caller,
      )
      const dayId = days[at % days.length]?.id
      const notes =
        'Get there early: the tickets that we have are for the first entry of the day, and there is a queue. '
      const visit = { tripId: trip.id, dayId, placeId: createdPlace.id, notes: notes.repeat(2), place_time: '09:00' }
      stops.push((await running.pipeline.run(assign_place_to_day, visit, ana.caller)).assignment.id)
    }
    const answer = await call('get_trip_summary', { tripId: trip.id })
    const { days: daysShown } = answer.structuredContent as { days: { assignments: { id: number }[] }[] }
    expect(daysShown.flatMap((day) => day.assignments.map(({ id }) => id)).sort((a, b) => a - b)).toEqual(stops)
    expect(textOf(answer)).toMatch(/Stops are brief for size: call read_trip_section with/)
  })

  test('a long calendar is split into parts, each a complete file', { timeout: 60_000 }, async () => {
    const answers = await follow(await call('export_trip_ics', { tripId }), new Set())
    const parts = answers.flatMap(({ structuredContent }) => (structuredContent as { ics?: string }).ics ?? [])
    const entriesIn = (ics: string) => [...ics.matchAll(/^UID:.*$/gm)].map(([line]) => line.trim())
    const { ics } = await running.pipeline.run(export_trip_ics, { tripId }, ana.caller)
    expect(parts.length).toBeGreaterThan(1)
    for (const part of parts) expect(part).toMatch(/^BEGIN:VCALENDAR[\s\S]+END:VCALENDAR\s*$/)
    expect(parts.flatMap(entriesIn)).toEqual(entriesIn(ics))
  })

  test('a day is read with all its entries, in order', { timeout: 60_000 }, async () => {
    const items = await readSection({ dayId: samples.dayId })
    expect(new Set(items.map(({ entry }) => entry?.split(':')[0]))).toEqual(new Set(['stop', 'note', 'booking']))
    for (const { entry, id } of items) expect(entry).toMatch(new RegExp(`^(stop|note|booking):${id}$`))
  })
})

/** The lists of answers that contain the rows of an entity, the field that identifies them, and its name in the answer. */
const WHERE: Readonly<Record<string, { lists: readonly string[]; by?: string; as?: string }>> = {
  trip: { lists: [''] },
  trip_member: { lists: ['', 'members', 'collaborators'], by: 'user_id' },
  day: { lists: ['days'] },
  place: { lists: ['places'] },
  place_tag: { lists: ['tags'], by: 'tag_id', as: 'id' },
  assignment: { lists: ['assignments', 'stop'] },
  day_note: { lists: ['notes', 'note'] },
  accommodation: { lists: ['accommodations'] },
  reservation: { lists: ['reservations'] },
  packing_item: { lists: ['items', 'packing'] },
  packing_bag: { lists: ['bags', 'packing_bags'] },
  packing_assignees: { lists: ['assignees', 'packing_assignees'], by: 'category' },
  todo: { lists: ['items', 'todos'] },
  todo_assignees: { lists: ['assignees', 'todo_assignees'], by: 'category' },
  budget_item: { lists: ['items', 'budget'] },
  settlement: { lists: ['settlements'] },
  collab_note: { lists: ['collab_notes'] },
  collab_poll: { lists: ['polls'] },
  collab_message: { lists: ['messages'] },
  trip_file: { lists: ['files'] },
  share_link: { lists: [''] },
}
