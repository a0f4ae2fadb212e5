import { LATEST_MESSAGES, type MessageRow } from '../contract/index.ts'

/** The part of a chat that is known without a gap: every message from `from` on, as far as the newest. */
export interface ChatWindow {
  readonly from: number
  readonly rows: ReadonlyMap<number, MessageRow>
  /** Whether the server may have older ones. */
  readonly more: boolean
}

export const NOTHING: ChatWindow = { from: 0, rows: new Map(), more: false }

/**
 * Takes in what the live rows have. Of an older message that somebody reacts to the live rows get that one alone, so what
 * lies before the window stays out of it. A snapshot that does not reach back to what was known begins a new window.
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

/** Takes in a page of older messages, and whether there are more before it. */
export function withOlder(window: ChatWindow, older: readonly MessageRow[], remaining: number): ChatWindow {
  const rows = new Map([...older.map((row) => [row.id, row] as const), ...window.rows])
  return { from: older[0]?.id ?? window.from, rows, more: remaining > 0 }
}

/** What is to be shown, oldest first; what one has just sent stands at the end. */
export function shownMessages(window: ChatWindow, live: readonly MessageRow[]): MessageRow[] {
  const current = new Map(live.map((row) => [row.id, row]))
  const sent = live.filter(({ id }) => id < 0).toSorted((a, b) => b.id - a.id)
  // A guess that lies over a live row, like a reaction on its way, is in the live rows only.
  const known = [...window.rows.values()].map((row) => current.get(row.id) ?? row)
  return [...known.toSorted((a, b) => a.id - b.id), ...sent]
}

/** Messages that one person wrote in one go. */
interface Run {
  readonly authorId: number | null
  readonly messages: MessageRow[]
}

export interface ChatDay {
  /** The date where the reader is, `YYYY-MM-DD`. */
  readonly date: string
  readonly runs: Run[]
}

const PAUSE_MS = 10 * 60_000

const localDate = (instant: string): string => {
  const at = new Date(instant)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
}

/** Messages by day, and within a day by who wrote them without a long pause. A message in `breaks` begins a run of its own. */
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
