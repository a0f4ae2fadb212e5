import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { FrameAuthor, FromClient, FromServer, WireRow } from './frames.ts'
import { type Line, Live, LOGGED_OUT } from './live.ts'

// A fake server at the other end of the connection: it records messages and can send some.
class FakeLine implements Line {
  static openedLines: FakeLine[] = []
  onopen: (() => void) | null = null
  onclose: ((event: { code: number }) => void) | null = null
  binaryType = 'arraybuffer' as const
  onmessage: ((event: { data: string | ArrayBuffer }) => void) | null = null
  readonly sentFrames: FromClient[] = []
  closed = false

  constructor() {
    FakeLine.openedLines.push(this)
  }

  send(text: string): void {
    this.sentFrames.push(JSON.parse(text) as FromClient)
  }

  close(): void {
    this.closed = true
  }

  receive(frame: FromServer): void {
    this.onmessage?.({ data: JSON.stringify(frame) })
  }

  saysPacked(frame: FromServer): void {
    const { buffer, byteOffset, byteLength } = gzipSync(JSON.stringify(frame))
    this.onmessage?.({ data: buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer })
  }
}

const ME = 1
const TRIP = { space: 'trip', id: 7 }
const ana: FrameAuthor = { user_id: 2, name: 'Ana', way: 'web', client: null, operation: 'update_place' }
const me: FrameAuthor = { user_id: ME, name: 'Me', way: 'web', client: null, operation: 'update_place' }
const myAssistant: FrameAuthor = { user_id: ME, name: 'Me', way: 'mcp', client: 'Claude', operation: 'update_place' }

const place = (id: number, name: string): WireRow => ({ id, name })
const snapshot = (seq: number, ...rows: WireRow[]): FromServer => ({
  type: 'snapshot',
  ...TRIP,
  seq,
  epoch: 'first',
  view: 'as-member',
  page: 0,
  more: false,
  rows: { place: rows },
})
const change = (seq: number, by: FrameAuthor, ...changes: (WireRow | number)[]) =>
  changeOf(`commit ${seq}`, seq, by, ...changes)

const changeOf = (commit: string, seq: number, by: FrameAuthor, ...changes: (WireRow | number)[]): FromServer => ({
  type: 'changes',
  ...TRIP,
  seq,
  at: '2027-04-01T00:00:00.000Z',
  commit,
  by,
  changes: changes.map((what) =>
    typeof what === 'number'
      ? { entity: 'place', action: 'remove', id: what }
      : { entity: 'place', action: 'patch', row: what },
  ),
})

const latest = (): FakeLine => FakeLine.openedLines.at(-1) as FakeLine

function start() {
  const live = new Live(() => new FakeLine(), ME)
  const rows = live.follow(TRIP)
  const line = latest()
  line.onopen?.()
  return { live, rows, line, names: () => rows.rows('place').map(({ name }) => name) }
}

beforeEach(() => {
  vi.useFakeTimers()
  FakeLine.openedLines = []
})
afterEach(() => void vi.useRealTimers())

test('it loads a space, announces its presence, and applies incoming changes', () => {
  const { rows, line, names } = start()
  expect(rows.status).toBe('loading')
  expect(line.sentFrames).toEqual([{ type: 'subscribe', ...TRIP, gzip: true }])
  line.receive(snapshot(3, place(1, 'Kinkaku-ji'), place(2, 'Nishiki Market')))
  expect(line.sentFrames[1]).toEqual({ type: 'here', ...TRIP })
  expect([rows.status, names()]).toEqual(['live', ['Kinkaku-ji', 'Nishiki Market']])
  line.receive(change(5, ana, place(2, 'Nishiki'), place(3, 'Gion'), 1))
  expect(names()).toEqual(['Nishiki', 'Gion'])
})

test('a change that it has already seen has no effect', () => {
  const { line, names } = start()
  line.receive(snapshot(5, place(1, 'New name')))
  line.receive(change(4, ana, place(1, 'Old name')))
  expect(names()).toEqual(['New name'])
})

test('the rows of an entity stay the same array until one of them changes', () => {
  const { rows, line } = start()
  line.receive(snapshot(1, place(1, 'Gion')))
  const before = rows.rows('place')
  rows.setPeople([])
  expect(rows.rows('place')).toBe(before)
  line.receive(change(2, ana, place(1, 'Gion at night')))
  expect(rows.rows('place')).not.toBe(before)
})

test('changes by others and assistants glow for a while, one’s own changes do not', () => {
  const { live, rows, line } = start()
  const witnessed: string[] = []
  live.witness((_, by) => witnessed.push(by.client ?? by.name))
  line.receive(snapshot(1, place(1, 'a'), place(2, 'b'), place(3, 'c')))
  line.receive(change(2, me, place(1, 'a2')))
  line.receive(change(3, ana, place(2, 'b2')))
  line.receive(change(4, myAssistant, place(3, 'c2')))
  expect([1, 2, 3].map((id) => rows.glow('place', id)?.by.name)).toEqual([undefined, 'Ana', 'Me'])
  expect(witnessed).toEqual(['Ana', 'Claude'])
  vi.advanceTimersByTime(6000)
  expect(rows.glow('place', 2)).toBeNull()
})

test('an optimistic change shows at once and is rolled back if the server refuses it', () => {
  const { rows, line, names } = start()
  line.receive(snapshot(1, place(1, 'Gion'), place(2, 'Arashiyama')))
  const guessed = rows.guess('mine', [
    { entity: 'place', action: 'patch', id: 1, values: { name: 'Gion at night' } },
    { entity: 'place', action: 'remove', id: 2 },
    { entity: 'place', action: 'insert', row: place(-1, 'Uji') },
  ])
  expect(names()).toEqual(['Gion at night', 'Uji'])
  guessed.rollBack()
  expect(names()).toEqual(['Gion', 'Arashiyama'])
})

test('a rollback keeps the changes that others made meanwhile', () => {
  const { rows, line, names } = start()
  line.receive(snapshot(1, place(1, 'Gion')))
  const guessed = rows.guess('mine', [{ entity: 'place', action: 'patch', id: 1, values: { name: 'Mine' } }])
  line.receive(change(2, ana, place(1, 'Theirs')))
  expect(names()).toEqual(['Mine'])
  guessed.rollBack()
  expect(names()).toEqual(['Theirs'])
})

test('a correct optimistic change stays until the change of the server arrives, before or after the answer', () => {
  const { rows, line, names } = start()
  line.receive(snapshot(1, place(1, 'Gion')))
  const answeredFirst = rows.guess('mine', [{ entity: 'place', action: 'patch', id: 1, values: { name: 'Gion 2' } }])
  answeredFirst.resolve()
  expect(names()).toEqual(['Gion 2'])
  line.receive(changeOf('mine', 2, me, place(1, 'Gion 2')))
  line.receive(change(3, ana, place(1, 'Gion 3')))
  expect(names()).toEqual(['Gion 3'])
  const heardFirst = rows.guess('also mine', [{ entity: 'place', action: 'patch', id: 1, values: { name: 'Gion 4' } }])
  line.receive(changeOf('also mine', 4, me, place(1, 'Gion 4')))
  heardFirst.resolve()
  line.receive(change(5, ana, place(1, 'Gion 5')))
  expect(names()).toEqual(['Gion 5'])
})

test('an optimistic change whose confirmation never comes expires', () => {
  const { rows, line, names } = start()
  line.receive(snapshot(1, place(1, 'Gion')))
  rows.guess('mine', [{ entity: 'place', action: 'patch', id: 1, values: { name: 'Nothing changed' } }]).resolve()
  vi.advanceTimersByTime(6000)
  expect(names()).toEqual(['Gion'])
})

test('a row from an answer replaces the optimistic one, and is not restored once it is deleted', () => {
  const { rows, line, names } = start()
  line.receive(snapshot(1))
  const seenSeqs: number[] = []
  rows.listen('place', () => seenSeqs.push(rows.rows('place').length))
  const guessed = rows.guess('mine', [{ entity: 'place', action: 'insert', row: place(-5, 'Uji') }])
  guessed.resolve({ entity: 'place', row: place(9, 'Uji') })
  expect(rows.rows('place')).toEqual([place(9, 'Uji')])
  expect(Math.max(...seenSeqs)).toBe(1)
  line.receive(change(2, ana, 9))
  rows.adopt('place', place(9, 'Uji'))
  expect(names()).toEqual([])
})

test('an added row appears once, even if its change arrives before the answer', () => {
  const { rows, line } = start()
  line.receive(snapshot(1))
  const guessed = rows.guess('mine', [{ entity: 'place', action: 'insert', row: place(-6, 'Uji') }])
  line.receive({
    ...(changeOf('mine', 2, me) as FromServer & { type: 'changes' }),
    changes: [{ entity: 'place', action: 'insert', row: place(9, 'Uji') }],
  })
  expect(rows.rows('place')).toEqual([place(9, 'Uji')])
  guessed.resolve({ entity: 'place', row: place(9, 'Uji') })
  expect(rows.rows('place')).toEqual([place(9, 'Uji')])
})

test('one’s latest input stays while another device of the same user adds something', () => {
  const { rows, line, names } = start()
  line.receive(snapshot(1))
  const guessed = rows.guess('mine', [{ entity: 'place', action: 'insert', row: place(-7, 'Tent') }])
  line.receive({
    ...(changeOf('from the phone', 2, me) as FromServer & { type: 'changes' }),
    changes: [{ entity: 'place', action: 'insert', row: place(8, 'Socks') }],
  })
  expect(names()).toEqual(['Socks', 'Tent'])
  line.receive({
    ...(changeOf('mine', 3, me) as FromServer & { type: 'changes' }),
    changes: [{ entity: 'place', action: 'insert', row: place(9, 'Tent') }],
  })
  guessed.resolve({ entity: 'place', row: place(9, 'Tent') })
  expect(names()).toEqual(['Socks', 'Tent'])
})

test('an optimistic change stays while another user changes the same row, until one’s own change arrives', () => {
  const { rows, line, names } = start()
  line.receive(snapshot(1, place(1, 'Gion')))
  rows.guess('mine', [{ entity: 'place', action: 'patch', id: 1, values: { name: 'Mine' } }]).resolve()
  line.receive(change(2, ana, place(1, 'Theirs')))
  expect(names()).toEqual(['Mine'])
  line.receive(changeOf('mine', 3, me, place(1, 'Mine')))
  line.receive(change(4, ana, place(1, 'Theirs again')))
  expect(names()).toEqual(['Theirs again'])
})

test('all optimistic changes of a write end when it arrives, including those the server made differently', () => {
  const { rows, line, names } = start()
  line.receive(snapshot(1, place(1, 'Gion'), place(2, 'Uji')))
  rows.guess('mine', [
    { entity: 'place', action: 'patch', id: 1, values: { name: 'Gion, first' } },
    { entity: 'place', action: 'patch', id: 2, values: { name: 'Uji, second' } },
  ])
  line.receive(changeOf('mine', 2, me, place(1, 'Gion, as the server has it')))
  expect(names()).toEqual(['Gion, as the server has it', 'Uji'])
})

test('it reconnects after a loss and requests only the missed changes', () => {
  const { rows, line, names } = start()
  line.receive(snapshot(3, place(1, 'Gion')))
  line.onclose?.({ code: 1006 })
  expect(rows.status).toBe('reconnecting')
  expect(names()).toEqual(['Gion'])
  vi.advanceTimersByTime(1000)
  expect(latest()).not.toBe(line)
  latest().onopen?.()
  expect(latest().sentFrames).toEqual([
    { type: 'subscribe', ...TRIP, seq: 3, epoch: 'first', view: 'as-member', gzip: true },
  ])
  latest().receive(change(4, ana, place(1, 'Gion at night')))
  latest().receive({ type: 'resumed', ...TRIP, seq: 4 })
  expect([rows.status, names()]).toEqual(['live', ['Gion at night']])
})

test('it waits longer before each retry, and retries at once when woken', () => {
  const { live, line } = start()
  line.onclose?.({ code: 1006 })
  for (let attempt = 0; attempt < 5; attempt++) {
    vi.advanceTimersByTime(20_000)
    latest().onclose?.({ code: 1006 })
  }
  const openedBefore = FakeLine.openedLines.length
  vi.advanceTimersByTime(2000)
  expect(FakeLine.openedLines.length).toBe(openedBefore)
  live.wake()
  expect(FakeLine.openedLines.length).toBe(openedBefore + 1)
})

test('it stays silent when closed, and continues where it was when opened again', () => {
  const { live, line, names } = start()
  line.receive(snapshot(3, place(1, 'Gion')))
  live.close()
  expect(line.closed).toBe(true)
  vi.advanceTimersByTime(60_000)
  expect(FakeLine.openedLines.length).toBe(1)
  live.open()
  latest().onopen?.()
  expect(latest().sentFrames).toEqual([
    { type: 'subscribe', ...TRIP, seq: 3, epoch: 'first', view: 'as-member', gzip: true },
  ])
  expect(names()).toEqual(['Gion'])
})

const pageOf = (page: number, more: boolean, seq: number, ...rows: WireRow[]): FromServer => ({
  ...(snapshot(seq, ...rows) as FromServer & { type: 'snapshot' }),
  page,
  more,
})

test('pages of a snapshot are shown together when the last one arrives; until then the screen stays unchanged', () => {
  const { rows, line, names } = start()
  line.receive(snapshot(3, place(1, 'Gion')))
  line.receive({ type: 'reset', ...TRIP })
  line.receive(pageOf(0, true, 9, place(2, 'Uji')))
  line.receive(pageOf(1, true, 9, place(3, 'Nara')))
  expect([names(), rows.seq]).toEqual([['Gion'], null])
  line.receive(pageOf(2, false, 9, place(4, 'Kobe')))
  expect([names(), rows.seq]).toEqual([['Uji', 'Nara', 'Kobe'], 9])
})

test('a connection lost between pages keeps the rows on the screen, and the pages start over', () => {
  const { line, names } = start()
  line.receive(snapshot(3, place(1, 'Gion')))
  line.receive({ type: 'reset', ...TRIP })
  line.receive(pageOf(0, true, 9, place(2, 'Uji')))
  line.onclose?.({ code: 1006 })
  vi.advanceTimersByTime(1000)
  latest().onopen?.()
  expect(latest().sentFrames).toEqual([{ type: 'subscribe', ...TRIP, gzip: true }])
  expect(names()).toEqual(['Gion'])
  latest().receive(pageOf(0, true, 12, place(2, 'Uji'), place(3, 'Nara')))
  latest().receive(pageOf(1, false, 12, place(4, 'Kobe')))
  expect(names()).toEqual(['Uji', 'Nara', 'Kobe'])
})

test('remaining pages of a snapshot that is no longer wanted are ignored', () => {
  const { line, names } = start()
  line.receive(pageOf(0, true, 3, place(1, 'Gion')))
  line.receive({ type: 'reset', ...TRIP })
  line.receive(pageOf(1, false, 3, place(2, 'Uji')))
  expect(names()).toEqual([])
  line.receive(pageOf(0, true, 3, place(1, 'Gion')))
  line.receive(pageOf(0, true, 4, place(5, 'Nara')))
  line.receive(pageOf(1, false, 4, place(6, 'Kobe')))
  expect(names()).toEqual(['Nara', 'Kobe'])
})

describe('compressed pages', () => {
  beforeEach(() => void vi.useRealTimers())

  test('are decompressed, and later messages wait for them', async () => {
    const { line, rows, names } = start()
    line.saysPacked(pageOf(0, true, 3, place(1, 'Gion')))
    line.saysPacked(pageOf(1, false, 3, place(2, 'Uji')))
    line.receive(change(4, ana, place(2, 'Uji at noon')))
    line.receive(change(5, ana, place(3, 'Nara')))
    await vi.waitFor(() => expect(rows.seq).toBe(5))
    expect(names()).toEqual(['Gion', 'Uji at noon', 'Nara'])
    line.receive(change(6, ana, 1))
    expect(names()).toEqual(['Uji at noon', 'Nara'])
  })

  test('that cannot be decompressed end the connection, and later messages are not applied', async () => {
    const { line, names } = start()
    line.receive(snapshot(1, place(1, 'Gion')))
    line.onmessage?.({ data: new Uint8Array([1, 2, 3]).buffer })
    line.receive(change(2, ana, place(1, 'Wrong')))
    await vi.waitFor(() => expect(line.closed).toBe(true))
    expect(names()).toEqual(['Gion'])
  })

  test('are not requested if the browser cannot decompress', () => {
    const live = new Live(() => new FakeLine(), ME, null)
    live.follow(TRIP)
    latest().onopen?.()
    expect(latest().sentFrames).toEqual([{ type: 'subscribe', ...TRIP }])
  })
})

test('a reset reloads everything', () => {
  const { line, names } = start()
  line.receive(snapshot(3, place(1, 'Gion')))
  line.receive({ type: 'reset', ...TRIP })
  expect(line.sentFrames.at(-1)).toEqual({ type: 'subscribe', ...TRIP, gzip: true })
  line.receive(snapshot(9, place(2, 'Uji')))
  expect(names()).toEqual(['Uji'])
})

test('the enabled add-ons are read after the new snapshot has arrived, not at the reset', () => {
  const { live, line } = start()
  const read = vi.fn()
  live.onReset = read
  line.receive(snapshot(3, place(1, 'Gion')))
  line.receive({ type: 'reset', ...TRIP })
  line.receive(pageOf(0, true, 9, place(1, 'Gion')))
  expect(read).not.toHaveBeenCalled()
  line.receive(pageOf(1, false, 9, place(2, 'Uji')))
  expect(read).toHaveBeenCalledOnce()
  line.receive(snapshot(9, place(2, 'Uji')))
  expect(read).toHaveBeenCalledOnce()
})

test('a deleted space is reported, and the end of the session ends everything', () => {
  const { live, rows, line } = start()
  line.receive(snapshot(1))
  line.receive({ type: 'bye', reason: 'gone', ...TRIP })
  expect([rows.status, rows.reason]).toEqual(['gone', 'gone'])
  const loggedOut = vi.fn()
  live.onLoggedOut = loggedOut
  line.onclose?.({ code: LOGGED_OUT })
  expect(loggedOut).toHaveBeenCalledOnce()
  vi.advanceTimersByTime(60_000)
  expect(FakeLine.openedLines.length).toBe(1)
})

test('presence shows one’s assistant, but not oneself', () => {
  const { rows, line } = start()
  line.receive(snapshot(1))
  line.receive({
    type: 'presence',
    ...TRIP,
    people: [me, myAssistant, ana].map(({ operation: _, ...person }) => ({ ...person, at: null })),
  })
  expect(rows.people.map(({ name, client }) => client ?? name)).toEqual(['Claude', 'Ana'])
})

test('a space without viewers is left after a while', () => {
  const { live, line } = start()
  line.receive(snapshot(1))
  live.leave(TRIP)
  live.follow(TRIP)
  vi.advanceTimersByTime(60_000)
  expect(line.sentFrames.some(({ type }) => type === 'unsubscribe')).toBe(false)
  live.leave(TRIP)
  vi.advanceTimersByTime(60_000)
  expect(line.sentFrames.at(-1)).toEqual({ type: 'unsubscribe', ...TRIP })
})
