import { expect, test } from 'vitest'
import { LATEST_MESSAGES, type MessageRow } from '../contract/index.ts'
import { daysOf, NOTHING, shownMessages, withLive, withOlder } from './chat-window.ts'

const message = (id: number, changes: Partial<MessageRow> = {}): MessageRow => ({
  id,
  trip_id: 1,
  author_id: 1,
  text: `message ${id}`,
  reply_to: null,
  reactions: [],
  deleted: false,
  created_at: '2027-04-05T10:00:00.000Z',
  ...changes,
})
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => message(from + index))
const ids = (rows: readonly MessageRow[]) => rows.map(({ id }) => id)

test('a short chat is loaded completely', () => {
  const live = range(1, 3)
  const window = withLive(NOTHING, live)
  expect(window).toMatchObject({ from: 1, more: false })
  expect(ids(shownMessages(window, live))).toEqual([1, 2, 3])
  expect(withLive(NOTHING, [])).toEqual(NOTHING)
})

test('of a long chat the newest messages are loaded, and a single older row opens no gap', () => {
  const live = [...range(301, 300 + LATEST_MESSAGES), message(7)]
  const window = withLive(NOTHING, live)
  expect(window).toMatchObject({ from: 301, more: true })
  expect(shownMessages(window, live)).toHaveLength(LATEST_MESSAGES)
  const next = withLive(window, [...live, message(600)])
  expect(next.from).toBe(301)
  expect(next.rows.size).toBe(LATEST_MESSAGES + 1)
})

test('older pages are prepended, and live rows win over rows of a page', () => {
  const live = range(301, 300 + LATEST_MESSAGES)
  let window = withOlder(withLive(NOTHING, live), range(201, 300), 200)
  expect(window).toMatchObject({ from: 201, more: true })
  window = withLive(window, [...live, message(250, { deleted: true, text: '' })])
  expect(shownMessages(window, live).find(({ id }) => id === 250)?.deleted).toBe(true)
  window = withOlder(window, range(1, 200), 0)
  expect(window).toMatchObject({ from: 1, more: false })
  expect(shownMessages(window, live)).toHaveLength(300 + LATEST_MESSAGES)
})

test('a snapshot that does not reach the loaded messages starts over', () => {
  const window = withLive(NOTHING, range(1, LATEST_MESSAGES))
  const fresh = withLive(window, range(1001, 1000 + LATEST_MESSAGES))
  expect(fresh).toMatchObject({ from: 1001, more: true })
  expect(fresh.rows.size).toBe(LATEST_MESSAGES)
})

test('pending messages are at the end, in the order they were sent', () => {
  const live = [message(-2), message(5), message(-1)]
  expect(ids(shownMessages(withLive(NOTHING, live), live))).toEqual([5, -1, -2])
})

test('messages are grouped by day and author, and long pauses start a new group', () => {
  const messageAt = (id: number, time: string, author_id: number | null = 1) =>
    message(id, { created_at: new Date(`2027-04-${time}`).toISOString(), author_id })
  const days = daysOf([
    messageAt(1, '05T10:00'),
    messageAt(2, '05T10:05'),
    messageAt(3, '05T10:06', 2),
    messageAt(4, '05T10:07'),
    messageAt(5, '05T12:00'),
    messageAt(6, '06T00:01'),
  ])
  expect(days.map(({ date, runs }) => [date, runs.map((run) => ids(run.messages))])).toEqual([
    ['2027-04-05', [[1, 2], [3], [4], [5]]],
    ['2027-04-06', [[6]]],
  ])
  const split = daysOf([messageAt(1, '05T10:00'), messageAt(2, '05T10:01')], 2)
  expect(split[0]?.runs).toHaveLength(2)
})
