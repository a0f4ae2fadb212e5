import { keysForTheRest } from '../../../core/declare/order-key.ts'
import { type DayEntry, type EntryRef, refOf } from './entry.ts'

/**
 * The entries of one day in the order that everybody sees. Keys decide; a booking without a key comes before the first
 * stop that starts later, and one that lasts all day before the first stop.
 */
export function timelineOf<E extends DayEntry>(entries: readonly E[]): E[] {
  const timeline = entries.filter(({ order_key }) => order_key !== null).toSorted(byKey)
  for (const entry of entries.filter(({ order_key }) => order_key === null).toSorted(earlierFirst)) {
    const isBehind = ({ time }: DayEntry) => entry.goesOn || (time !== null && entry.time !== null && time > entry.time)
    const next = timeline.findIndex((other) => other.kind === 'stop' && isBehind(other))
    timeline.splice(indexInFrontOf(timeline, next < 0 ? timeline.length : next, entry), 0, entry)
  }
  return timeline
}

/** Where a booking comes between the stop at `end` and the stop before: after earlier entries, before other notes. */
export function indexInFrontOf(timeline: readonly DayEntry[], end: number, entry: DayEntry): number {
  const start = timeline.slice(0, end).findLastIndex(({ kind }) => kind === 'stop') + 1
  const isBefore = (other: DayEntry) =>
    other.kind === 'note'
      ? other.time !== null && entry.time !== null && other.time < entry.time
      : other.order_key === null || earlierFirst(other, entry) < 0
  return start + timeline.slice(start, end).findLastIndex(isBefore) + 1
}

// No time sorts last.
const LAST = '99'

const earlierFirst = (a: DayEntry, b: DayEntry): number => compare(a.time ?? LAST, b.time ?? LAST) || a.id - b.id
const byKey = (a: DayEntry, b: DayEntry): number =>
  compare(a.order_key ?? '', b.order_key ?? '') || compare(refOf(a), refOf(b))
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** A target: before an entry, after another, or at the end if neither is named. */
export interface Spot {
  readonly before?: EntryRef | undefined
  readonly after?: EntryRef | undefined
  /** Found by a time, not chosen by a person: bookings without a key then find their own places by their times. */
  readonly byTime?: boolean
}

/**
 * The keys that bring entries to a spot of a day, one after another; null if a named neighbour is not on the day. Other
 * entries get a key too if the neighbours would otherwise be wrong: bookings ordered by time, and the whole day when
 * keys have grown too long. An entry that is already there gets none.
 */
export function placed(
  day: readonly DayEntry[],
  moving: readonly DayEntry[],
  spot: Spot,
): ReadonlyMap<EntryRef, string> | null {
  const own = new Set(moving.map(refOf))
  if ([spot.before, spot.after].some((ref) => ref !== undefined && own.has(ref))) return new Map()
  const timeline = timelineOf(day)
  const others = timeline.filter((entry) => !own.has(refOf(entry)))
  const gap = gapAt(others, spot)
  if (gap === null) return null
  const stands = timeline.findIndex((entry) => own.has(refOf(entry)))
  if (moving.length === 1 && stands === gap && timeline[gap]?.order_key !== null) return new Map()
  const target = others.toSpliced(gap, 0, ...moving)
  const getKeys = new Set(own)
  for (;;) {
    const rows = target.flatMap((entry): { ref: EntryRef; order_key: string | null }[] => {
      const ref = refOf(entry)
      if (getKeys.has(ref)) return [{ ref, order_key: null }]
      return entry.order_key === null ? [] : [{ ref, order_key: entry.order_key }]
    })
    const keys = new Map([...keysForTheRest(rows)].map(([{ ref }, key]) => [ref, key]))
    const after = timelineOf(
      target.map((entry) => ({ ...entry, order_key: keys.get(refOf(entry)) ?? entry.order_key })),
    )
    const pinned = [...getKeys].filter((ref) => !own.has(ref))
    const strays = spot.byTime ? [] : [...straysIn(after, target, own, spot), ...overtakenIn(after, target, pinned)]
    if (!strays.length) return keys
    for (const ref of strays) getKeys.add(ref)
  }
}

function gapAt(others: readonly DayEntry[], { before, after }: Spot): number | null {
  if (before === undefined && after === undefined) return others.length
  const next = others.findIndex((entry) => refOf(entry) === before)
  if (next >= 0) return next
  const last = others.findIndex((entry) => refOf(entry) === after)
  return last < 0 ? null : last + 1
}

/** Bookings without a key that separate entries from their named neighbours. */
function straysIn(
  after: readonly DayEntry[],
  target: readonly DayEntry[],
  own: ReadonlySet<EntryRef>,
  { before, after: behind }: Spot,
): EntryRef[] {
  if (before === undefined && behind === undefined) return []
  const isOwn = (entry: DayEntry) => own.has(refOf(entry))
  const [first, last] = [target.findIndex(isOwn), target.findLastIndex(isOwn)]
  const together = target
    .slice(Math.max(0, first - 1), last + 2)
    .map(refOf)
    .filter((ref) => own.has(ref) || ref === before || ref === behind)
  const indexOf = (ref: EntryRef | undefined) => after.findIndex((entry) => refOf(entry) === ref)
  const free = (entries: readonly DayEntry[]) => entries.filter(({ order_key }) => order_key === null).map(refOf)
  const apart = together.flatMap((ref, at) => {
    const [one, next] = [indexOf(together[at - 1]), indexOf(ref)]
    return at === 0 || next === one + 1 ? [] : [{ one, next }]
  })
  const named = (pairs: typeof apart) => pairs.flatMap(({ one, next }) => free([after[one], after[next]] as DayEntry[]))
  const between = apart.flatMap(({ one, next }) => free(after.slice(one + 1, next)))
  // A neighbour on the wrong side comes first: with a key, the bookings in between may find their own places.
  const strays = [named(apart.filter(({ one, next }) => one > next)), between, named(apart)]
  return strays.find(({ length }) => length > 0) ?? []
}

/** Bookings without a key that would swap places with one that has just got a key. */
function overtakenIn(after: readonly DayEntry[], target: readonly DayEntry[], pinned: readonly EntryRef[]): EntryRef[] {
  const places = (entries: readonly DayEntry[]) => new Map(entries.map((entry, at) => [refOf(entry), at]))
  const [now, then] = [places(after), places(target)]
  const isBefore = (at: ReadonlyMap<EntryRef, number>, one: EntryRef, other: EntryRef) =>
    (at.get(one) as number) < (at.get(other) as number)
  return after
    .filter(({ order_key }) => order_key === null)
    .map(refOf)
    .filter((ref) => pinned.some((other) => isBefore(now, ref, other) !== isBefore(then, ref, other)))
}

/** The spot before the entry at `gap` of a timeline; the dragged entry does not count as its own neighbour. */
export function spotAt(timeline: readonly DayEntry[], gap: number, carried: EntryRef | null): Spot {
  const isOther = (entry: DayEntry) => refOf(entry) !== carried
  const [last, next] = [timeline.slice(0, gap).findLast(isOther), timeline.slice(gap).find(isOther)]
  return { ...(next && { before: refOf(next) }), ...(last && { after: refOf(last) }) }
}

/** Whether dropping an entry there leaves it in place. */
export function staysPut(timeline: readonly DayEntry[], gap: number, carried: EntryRef): boolean {
  const from = timeline.findIndex((entry) => refOf(entry) === carried)
  return from >= 0 && (gap === from || gap === from + 1)
}

/** The new spot of a stop whose time has changed; null if it can stay. */
export function spotOfStop(day: readonly DayEntry[], { id, time }: Pick<DayEntry, 'id' | 'time'>): Spot | null {
  if (time === null) return null
  const stops = timelineOf(day).filter(({ kind }) => kind === 'stop')
  const own = stops.findIndex((stop) => stop.id === id)
  const others = stops.toSpliced(own, 1)
  const isLater = (stop: DayEntry) => stop.time !== null && stop.time > time
  const isEarlier = (stop: DayEntry) => stop.time !== null && stop.time < time
  if (own < 0 || (!others.slice(0, own).some(isLater) && !others.slice(own).some(isEarlier))) return null
  const later = others.findIndex(isLater)
  // After the last stop with a time, not after stops without one.
  const next = others[later < 0 ? others.findLastIndex((stop) => stop.time !== null) + 1 : later]
  return { ...(next && { before: refOf(next) }), byTime: true }
}

/** Where a note belongs: before the first stop that starts later than its time, or at the end of the day. */
export function spotOfNote(day: readonly DayEntry[], clock: string | null): Spot {
  const later = timelineOf(day).find(
    ({ kind, time }) => kind === 'stop' && time !== null && clock !== null && time > clock,
  )
  return { ...(later && { before: refOf(later) }), byTime: true }
}
