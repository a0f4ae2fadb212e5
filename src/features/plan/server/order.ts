import { invalidField } from '../../../core/declare/errors.ts'
import type { Call } from '../../../core/run/feature.ts'
import { type DayEntry, type EntryRef, refOf } from '../contract/entry.ts'
import { messages } from '../contract/messages.ts'
import { placed, type Spot, timelineOf } from '../contract/timeline.ts'
import { dayEntries, entriesPlaced } from './hooks.ts'

type Asking = Pick<Call, 'emit'>

/** A day of a trip. */
export interface OfDay {
  readonly tripId: number
  readonly dayId: number
}

/** The entries of a day in order. */
export const entriesOfDay = async ({ emit }: Asking, { tripId, dayId }: OfDay): Promise<DayEntry[]> =>
  timelineOf((await emit(dayEntries, { tripId, dayId })).flat())

/** How many entries an error lists when a named neighbour is not on the day. */
const NAMED = 60

/**
 * The keys of entries that go to a spot of a day, for their rows; an entry that is already there gets none. Writes the
 * keys that other entries need. Throws `invalid` if a named neighbour is not on the day.
 */
export async function makePlace(
  scene: Asking,
  day: OfDay,
  moving: readonly DayEntry[],
  spot: Spot,
): Promise<Map<EntryRef, string>> {
  const entries = await entriesOfDay(scene, day)
  const keys = placed(entries, moving, spot)
  if (!keys) throw notThere(day, entries, spot)
  const own = new Set(moving.map(refOf))
  const [mine, others] = [new Map<EntryRef, string>(), new Map<EntryRef, string>()]
  for (const [ref, key] of keys) (own.has(ref) ? mine : others).set(ref, key)
  if (others.size) await scene.emit(entriesPlaced, { ...day, keys: others })
  return mine
}

/** The keys of new entries, in order, at a spot of a day. */
export async function makeRoom(
  scene: Asking,
  day: OfDay,
  coming: readonly Pick<DayEntry, 'kind' | 'time'>[],
  spot: Spot,
): Promise<string[]> {
  // Temporary ids that no row has.
  const moving = coming.map((entry, at): DayEntry => ({ ...entry, id: -1 - at, order_key: null }))
  return [...(await makePlace(scene, day, moving, spot)).values()]
}

function notThere({ dayId }: OfDay, entries: readonly DayEntry[], { before, after }: Spot) {
  const refs = entries.map(refOf)
  const more = refs.length - NAMED
  const there = [...refs.slice(0, NAMED), ...(more > 0 ? [messages.more({ count: more })] : [])]
  const named = [before, after].filter((ref) => ref !== undefined)
  const missing = { count: named.length, entries: named, day: dayId }
  return invalidField(
    before === undefined ? 'after' : 'before',
    refs.length ? messages.notOnDay({ ...missing, there }) : messages.notOnEmptyDay(missing),
  )
}
