import { daysBetween } from '../../../core/declare/dates.ts'
import { invalidField } from '../../../core/declare/errors.ts'
import type { Message } from '../../../core/declare/message.ts'
import type { DayRow } from '../../days/server/index.ts'
import type { Endpoint } from '../contract/endpoint.ts'
import type { ReservationRow } from '../contract/index.ts'
import { messages } from '../contract/messages.ts'
import { dateOf, instantOf, momentOf, shifted, timeOf } from '../contract/moments.ts'

/** The timing of a booking: its times, its days, and the times of its endpoints. They never contradict each other. */
export type Timing = Pick<
  ReservationRow,
  'day_id' | 'end_day_id' | 'reservation_time' | 'reservation_end_time' | 'endpoints'
>
type Said = { [K in keyof Timing]?: Timing[K] | undefined }

/** The names of the fields in the request, for error messages. */
export interface Names {
  day: 'day_id' | 'start_day_id'
}

const NOTHING: Timing = {
  day_id: null,
  end_day_id: null,
  reservation_time: null,
  reservation_end_time: null,
  endpoints: [],
}

/**
 * The timing after `changes`; absent fields stay. A date determines the day, and a new day moves the dates; the times
 * of a transport equal those of its first and last endpoint.
 */
export function normalisedTiming(
  days: readonly DayRow[],
  changes: Said,
  was: Timing = NOTHING,
  names: Names = { day: 'day_id' },
): Timing {
  const { day_id: day, end_day_id: endDay, reservation_time, reservation_end_time, endpoints } = was
  const before: Timing = { day_id: day, end_day_id: endDay, reservation_time, reservation_end_time, endpoints }
  if (Object.values(changes).every((value) => value === undefined)) return before
  const moved = changes.day_id ? movedTo(days, before, changes, changes.day_id) : before
  const timed = withTimes(moved, changes)
  const day_id = normalisedDay(days, timed, changes, before, names)
  const end = normalisedEnd(days, { ...timed, day_id }, changes, moved)
  // A single day is not a span.
  const end_day_id = end === day_id ? null : end
  const after: Timing = { ...timed, day_id, end_day_id }
  const wrong = contradictionIn(days, after)
  if (wrong) throw invalidField(wrong.field, wrong.says)
  return after
}

const sayWhen = (changes: Said): boolean => changes.reservation_time !== undefined || changes.endpoints !== undefined

/** A booking on another day: its dates move along, and its last day keeps its distance. */
function movedTo(days: readonly DayRow[], before: Timing, changes: Said, dayId: number): Timing {
  if (sayWhen(changes) || dayId === before.day_id) return before
  const [old, next] = [days.find((day) => day.id === before.day_id), days.find((day) => day.id === dayId)]
  const oldEnd = days.find((day) => day.id === before.end_day_id)
  const span = old && oldEnd ? oldEnd.day_number - old.day_number : 0
  const end = next && days.find((day) => day.day_number === next.day_number + span)
  const end_day_id = oldEnd ? (end?.id ?? null) : null
  const oldDate = dateOf(before.reservation_time) ?? old?.date
  if (!oldDate || !next?.date) return { ...before, end_day_id }
  return { ...datesShifted(before, (date) => shifted(date, daysBetween(oldDate, next.date as string))), end_day_id }
}

/** The timing with every date changed. */
export function datesShifted<T extends Timing>(timing: T, change: (date: string) => string): T {
  const moment = (value: string | null) => value && change(value.slice(0, 10)) + value.slice(10)
  return {
    ...timing,
    reservation_time: moment(timing.reservation_time),
    reservation_end_time: moment(timing.reservation_end_time),
    endpoints: timing.endpoints.map((end) => ({
      ...end,
      local_date: moment(end.local_date),
      arrival_date: moment(end.arrival_date),
    })),
  }
}

/** Makes the times of the booking and of its first and last endpoint equal. */
function withTimes(before: Timing, changes: Said): Timing {
  const endpoints = changes.endpoints ?? before.endpoints
  const [from, to] = [endpoints.find((end) => end.role === 'from'), endpoints.find((end) => end.role === 'to')]
  const start = agreed('reservation_time', changes.reservation_time, changes.endpoints && from, before.reservation_time)
  const end = agreed(
    'reservation_end_time',
    changes.reservation_end_time,
    changes.endpoints && to,
    before.reservation_end_time,
  )
  return {
    ...before,
    reservation_time: start,
    reservation_end_time: end,
    endpoints: endpoints.map((one) =>
      one === from ? withMoment(one, start) : one === to ? withMoment(one, end) : one,
    ),
  }
}

const withMoment = (end: Endpoint, moment: string | null): Endpoint => ({
  ...end,
  local_date: dateOf(moment),
  // Keeps a time whose date is not known yet.
  local_time: moment === null ? end.local_time : timeOf(moment),
})

function agreed(
  field: 'reservation_time' | 'reservation_end_time',
  change: string | null | undefined,
  end: Endpoint | undefined,
  before: string | null,
): string | null {
  const current = change === undefined ? before : change
  if (!end) return current
  // A given endpoint takes precedence over the stored time.
  if (change === undefined && end.local_date) {
    return momentOf(end.local_date, end.local_time)
  }
  const [date, time] = [end.local_date ?? dateOf(current), end.local_time ?? timeOf(current)]
  const differs = (dateOf(current) ?? date) !== date || (timeOf(current) ?? time) !== time
  if (change && differs) {
    const moment = momentOf(end.local_date, end.local_time) ?? end.local_time ?? ''
    throw invalidField(field, messages.endDiffers({ sent: change, moment, name: end.name }))
  }
  return momentOf(date, time)
}

function normalisedDay(
  days: readonly DayRow[],
  timed: Timing,
  changes: Said,
  before: Timing,
  names: Names,
): number | null {
  const date = dateOf(timed.reservation_time)
  if (changes.day_id) {
    const day = days.find(({ id }) => id === changes.day_id)
    if (date && day?.date && !lasts(timed, day.date)) {
      const differs = messages.dayDiffers({ number: day.day_number, date: day.date, start: date })
      throw invalidField(names.day, differs)
    }
    return changes.day_id
  }
  if (changes.day_id === null) return null
  if (!sayWhen(changes)) return before.day_id
  // A flight that departs on the eve of the trip belongs to the day it lands.
  const dated = days.find((day) => day.date !== null && lasts(timed, day.date))
  if (dated) return dated.id
  // It can stay on a day without a date, but not on one with another date.
  const own = days.find((day) => day.id === before.day_id)
  return own && (!date || !own.date) ? own.id : null
}

/** Whether the booking includes this date. */
function lasts({ reservation_time, reservation_end_time }: Timing, date: string): boolean {
  const start = dateOf(reservation_time)
  return start !== null && start <= date && date <= (dateOf(reservation_end_time) ?? start)
}

function normalisedEnd(days: readonly DayRow[], timed: Timing, changes: Said, moved: Timing): number | null {
  if (changes.end_day_id !== undefined) return changes.end_day_id
  if (timed.day_id === null) return null
  if (changes.reservation_end_time === undefined && changes.endpoints === undefined) {
    const [start, end] = [timed.day_id, moved.end_day_id].map((id) => days.find((day) => day.id === id))
    return start && end && end.day_number > start.day_number ? end.id : null
  }
  const date = dateOf(timed.reservation_end_time)
  if (!date) return changes.reservation_end_time === undefined ? moved.end_day_id : null
  const [start, end] = [days.find((day) => day.id === timed.day_id), days.find((day) => day.date === date)]
  // Across the date line, an arrival can be on the day before; that is not a further day.
  return start && end && end.day_number > start.day_number ? end.id : null
}

/** A contradiction in a timing, and its field. */
interface Contradiction {
  readonly field: 'end_day_id' | 'reservation_end_time'
  readonly says: Message
}

/** An end before the start, by the clocks of both endpoints where known; null if there is no contradiction. */
export function contradictionIn(days: readonly DayRow[], timing: Timing): Contradiction | null {
  const numberOf = (dayId: number | null) => days.find((day) => day.id === dayId)?.day_number
  const [first, last] = [numberOf(timing.day_id), numberOf(timing.end_day_id)]
  if (timing.end_day_id !== null && timing.day_id === null) return { field: 'end_day_id', says: messages.noFirstDay() }
  if (first !== undefined && last !== undefined && last < first) {
    return { field: 'end_day_id', says: messages.endDayBeforeStart({ last, first }) }
  }
  const { reservation_time: start, reservation_end_time: end, endpoints } = timing
  if (!start || !end) return null
  const [from, to] = [endpoints.find((one) => one.role === 'from'), endpoints.find((one) => one.role === 'to')]
  const [leaves, arrives] = [
    instantOf(dateOf(start), timeOf(start), from?.timezone ?? null),
    instantOf(dateOf(end), timeOf(end), to?.timezone ?? null),
  ]
  const length = Math.min(start.length, end.length)
  const backwards =
    leaves !== null && arrives !== null
      ? arrives < leaves
      : from && to
        ? daysBetween(start.slice(0, 10), end.slice(0, 10)) < -1
        : end.slice(0, length) < start.slice(0, length)
  return backwards ? { field: 'reservation_end_time', says: messages.endBeforeStart({ end, start }) } : null
}
