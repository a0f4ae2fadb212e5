import type { Caller } from '../../../core/data/space.ts'
import { addDays, daysBetween } from '../../../core/declare/dates.ts'
import { invalidField } from '../../../core/declare/errors.ts'
import type { Message } from '../../../core/declare/message.ts'
import { messages } from '../contract/messages.ts'

/** How many days a range has, including both ends. */
export const daysIn = (start: string, end: string): number => daysBetween(start, end) + 1

const MAX_DAYS = 365
const MAX_DAYS_OVER_MCP = 90
const USUAL_DAYS = 7

interface Range {
  start_date: string | null
  end_date: string | null
}

/** The given ends of a range; null clears, absent keeps. */
interface Said {
  readonly start_date?: string | null | undefined
  readonly end_date?: string | null | undefined
}

/** A range with both ends or none: a missing end follows from the other and the number of days. */
export function completeRange({ start_date: start, end_date: end }: Said, dayCount = USUAL_DAYS): Range {
  if (start && !end) return { start_date: start, end_date: addDays(start, dayCount - 1) }
  if (end && !start) return { start_date: addDays(end, 1 - dayCount), end_date: end }
  return { start_date: start ?? null, end_date: end ?? null }
}

interface Change {
  /** How many days the trip has before the change. */
  readonly dayCount: number
  /** Whether bookings move with their day. */
  readonly shifts: boolean
}

/**
 * The range after a change. A trip has both ends or none, so clearing one clears both. If bookings move along, a new
 * first day alone moves the last one too.
 */
export function changedRange(before: Range, said: Said, { dayCount, shifts }: Change): Range {
  const { start_date: start, end_date: end } = said
  if ((start === null && !end) || (end === null && !start)) return { start_date: null, end_date: null }
  const moves = shifts && start && end === undefined
  return completeRange(
    {
      start_date: start === undefined ? before.start_date : start,
      end_date: moves ? null : end === undefined ? before.end_date : end,
    },
    dayCount || USUAL_DAYS,
  )
}

/** How many days the trip has; an error if the range runs backwards or is too long. */
export function checkedLength(
  { start_date, end_date }: Range,
  dayCount: number | undefined,
  way: Caller['way'],
  backwards: (range: { start: string; end: string }) => Message = messages.endsBeforeStart,
): number {
  if (start_date && end_date && end_date < start_date) {
    throw invalidField('end_date', backwards({ start: start_date, end: end_date }))
  }
  const length = start_date && end_date ? daysIn(start_date, end_date) : (dayCount ?? USUAL_DAYS)
  const most = way === 'mcp' ? MAX_DAYS_OVER_MCP : MAX_DAYS
  if (length > most) throw messages.tooManyDays({ count: most, days: length })
  return length
}
