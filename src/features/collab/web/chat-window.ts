import { LATEST_MESSAGES, type MessageRow } from '../contract/index.ts'

/** The gapless part of a chat: every message from `from` to the newest. */
export interface ChatWindow {
  readonly from: number
  readonly rows: ReadonlyMap<number, MessageRow>
  /** Whether the server may have older messages. */
  readonly more: boolean
}

export const NOTHING: ChatWindow = { from: 0, rows: new Map(), more: false }

/**
 * Merges the live rows. If somebody reacts to an older message, the live rows get only that message, so messages before
 * the window stay out. A snapshot that does not reach back to the known messages starts a new window.
 */
export function withLive(window: ChatWindow, live: readonly MessageRow[]): ChatWindow {
  const known = live.filter(({ id }) => id > 0).toSorted((a, b) => a.id - b.id)
  const start = (known.length >= LATEST_MESSAGES ? known.at(-LATEST_MESSAGES) : known[0])?.id
  if (start === undefined) return NOTHING
  const newest = Math.max(0, ...window.rows.keys())
  const begins = window.rows.size === 0 || start > newest
  const from = begins ? start : window.from
  const rows = new Map(begins ? [] : window.rows)
  for (const row of known) if (row.id >= from) rows.set(row.id, row)
  return { from, rows, more: begins ? known.length >= LATEST_MESSAGES : window.more }
}

/** Adds a page of older messages, and whether there are more before it. */
export function withOlder(window: ChatWindow, older: readonly MessageRow[], remaining: number): ChatWindow {
  const rows = new Map([...older.map((row) => [row.id, row] as const), ...window.rows])
  return { from: older[0]?.id ?? window.from, rows, more: remaining > 0 }
}

/** The messages to show, oldest first; those still being sent come last. */
export function shownMessages(window: ChatWindow, live: readonly MessageRow[]): MessageRow[] {
  const current = new Map(live.map((row) => [row.id, row]))
  const sent = live.filter(({ id }) => id < 0).toSorted((a, b) => b.id - a.id)
  // An optimistic change of a live row, like a reaction being sent, is only in the live rows.
  const known = [...window.rows.values()].map((row) => current.get(row.id) ?? row)
  return [...known.toSorted((a, b) => a.id - b.id), ...sent]
}

/** Consecutive messages of one person. */
interface Run {
  readonly authorId: number | null
  readonly messages: MessageRow[]
}

export interface ChatDay {
  /** The local date of the reader, `YYYY-MM-DD`. */
  readonly date: string
  readonly runs: Run[]
}

const PAUSE_MS = 10 * 60_000

const localDate = (instant: string): string => {
  const at = new Date(instant)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
}

/** Messages by day, and in a day grouped by author without a long pause. A message in `breaks` starts a new group. */
export function daysOf(messages: readonly MessageRow[], breaks: number | null = null): ChatDay[] {
  const days: ChatDay[] = []
  for (const message of messages) {
    const date = localDate(message.created_at)
    let day = days.at(-1)
    if (day?.date !== date) days.push((day = { date, runs: [] }))
    const run = day.runs.at(-1)
    const last = run?.messages.at(-1)
    const goesOn =
      last !== undefined &&
      message.id !== breaks &&
      run?.authorId === message.author_id &&
      Date.parse(message.created_at) - Date.parse(last.created_at) < PAUSE_MS
    if (goesOn) run?.messages.push(message)
    else day.runs.push({ authorId: message.author_id, messages: [message] })
  }
  return days
}
