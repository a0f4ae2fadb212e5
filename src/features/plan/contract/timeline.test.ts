import fc from 'fast-check'
import { generateNKeysBetween } from 'fractional-indexing'
import { expect, test } from 'vitest'
import { times } from '../../../../test/harness/prove.ts'
import { type DayEntry, refOf } from './entry.ts'
import { placed, type Spot, spotAt, spotOfNote, spotOfStop, staysPut, timelineOf } from './timeline.ts'

const entry =
  (kind: DayEntry['kind']) =>
  (id: number, order_key: string | null, time: string | null = null) => ({
    ...{ kind, id, order_key, time },
  })
const [stop, note, booking] = [entry('stop'), entry('note'), entry('booking')]
const goesOn = (id: number, order_key: string | null = null): DayEntry => ({ ...booking(id, order_key), goesOn: true })
const names = (entries: readonly DayEntry[]) => entries.map(({ kind, id }) => `${kind[0]}${id}`).join(' ')

const DAY = [stop(1, 'a1', '09:00'), stop(2, 'a3'), stop(3, 'a5', '14:00')]

/** The day after moving entries to a spot, and the number of rows written. */
function orderAfterMove(
  day: readonly DayEntry[],
  moving: DayEntry | readonly DayEntry[],
  spot: Spot,
): [string, number] | null {
  const movedEntries = [moving].flat()
  const keys = placed(day, movedEntries, spot)
  if (!keys) return null
  const refs = new Set(movedEntries.map(refOf))
  const allEntries = [...day.filter((one) => !refs.has(refOf(one))), ...movedEntries]
  return [
    names(timelineOf(allEntries.map((one) => ({ ...one, order_key: keys.get(refOf(one)) ?? one.order_key })))),
    keys.size,
  ]
}

test('a timed entry goes before the first stop that starts later, regardless of entries in between', () => {
  const timed = (id: number, time: string) => booking(id, null, time)
  expect(names(timelineOf([...DAY, timed(1, '07:10')]))).toBe('b1 s1 s2 s3')
  expect(names(timelineOf([...DAY, timed(1, '11:00')]))).toBe('s1 s2 b1 s3')
  expect(names(timelineOf([...DAY, timed(1, '14:00')]))).toBe('s1 s2 s3 b1')
  expect(names(timelineOf([timed(1, '19:00'), timed(2, '18:00'), ...DAY]))).toBe('s1 s2 s3 b2 b1')
})

test('a booking without a time goes last, one that lasts all day first, and an explicit position counts more than its time', () => {
  expect(names(timelineOf([...DAY, booking(1, null), goesOn(2)]))).toBe('b2 s1 s2 s3 b1')
  expect(names(timelineOf([...DAY, goesOn(2), booking(3, null, '07:00'), note(1, 'a0')]))).toBe('b3 b2 n1 s1 s2 s3')
  expect(names(timelineOf([...DAY, booking(1, 'a4', '07:00')]))).toBe('s1 s2 b1 s3')
  expect(names(timelineOf([...DAY, goesOn(1, 'a6')]))).toBe('s1 s2 s3 b1')
})

test('entries with keys are ordered by their keys, character by character', () => {
  const day = [note(3, 'a7'), note(2, 'a2V'), note(1, 'a2G'), note(4, 'Zz')]
  expect(names(timelineOf([...DAY, ...day]))).toBe('n4 s1 n1 n2 s2 s3 n3')
  expect(names(timelineOf([note(2, 'a1'), note(1, 'a0')]))).toBe('n1 n2')
})

test('between the same stops notes follow bookings, unless their time is earlier', () => {
  const [flight, train] = [booking(1, null, '20:00'), booking(2, null, '17:00')]
  expect(names(timelineOf([...DAY, note(1, 'a6'), flight, train]))).toBe('s1 s2 s3 b2 b1 n1')
  expect(names(timelineOf([...DAY, note(1, 'a6', '18:30'), flight, train]))).toBe('s1 s2 s3 b2 n1 b1')
  expect(names(timelineOf([...DAY, booking(3, 'a6', '19:00'), flight, train]))).toBe('s1 s2 s3 b2 b3 b1')
})

test('every entry is shown exactly once, and entries with keys keep their order', () => {
  const notes = ['a0', 'a2', 'a2V', 'a4', 'a6', 'a7'].map((key, at) => note(at + 1, key))
  const booked = ['06:00', '09:00', '12:00', null].map((time, at) => booking(at + 1, null, time))
  const timeline = timelineOf([...booked, ...notes, ...DAY])
  expect(new Set(timeline.map(refOf)).size).toBe(3 + notes.length + booked.length)
  expect(names(timeline.filter(({ order_key }) => order_key !== null))).toBe('n1 s1 n2 n3 s2 n4 s3 n5 n6')
})

test('a move writes one row, between any neighbours', () => {
  const [first, second, third] = DAY as [DayEntry, DayEntry, DayEntry]
  expect(orderAfterMove(DAY, third, { before: 'stop:1' })).toEqual(['s3 s1 s2', 1])
  expect(orderAfterMove(DAY, first, { after: 'stop:2' })).toEqual(['s2 s1 s3', 1])
  expect(orderAfterMove(DAY, first, {})).toEqual(['s2 s3 s1', 1])
  expect(orderAfterMove(DAY, note(9, 'x'), { after: 'stop:1', before: 'stop:2' })).toEqual(['s1 n9 s2 s3', 1])
  expect(orderAfterMove([], second, {})).toEqual(['s2', 1])
})

test('an entry that is already in place is not written', () => {
  const [first, second] = DAY as [DayEntry, DayEntry]
  for (const spot of [{ before: 'stop:3' }, { after: 'stop:1' }, { before: 'stop:2' }, { after: 'stop:2' }]) {
    expect(orderAfterMove(DAY, second, spot)).toEqual(['s1 s2 s3', 0])
  }
  expect(orderAfterMove(DAY, first, { before: 'stop:2' })).toEqual(['s1 s2 s3', 0])
  expect(orderAfterMove(DAY, stop(3, 'a5'), {})).toEqual(['s1 s2 s3', 0])
})

test('a missing neighbour does not matter as long as the other one exists', () => {
  const newNote = note(1, null)
  expect(orderAfterMove(DAY, newNote, { before: 'stop:8', after: 'stop:1' })).toEqual(['s1 n1 s2 s3', 1])
  expect(orderAfterMove(DAY, newNote, { before: 'stop:3', after: 'note:8' })).toEqual(['s1 s2 n1 s3', 1])
  expect(orderAfterMove(DAY, newNote, { before: 'stop:8', after: 'note:8' })).toBeNull()
  expect(orderAfterMove([], newNote, { before: 'stop:8' })).toBeNull()
})

test('a move gives the order that the person sees: a booking positioned by its time stays next to the moved entry', () => {
  const [dinner, concert] = [booking(1, null, '19:00'), booking(2, null, '21:00')]
  const day = [...DAY, dinner, concert]
  // If the dinner is not named as a neighbour, it follows its time; if it is, it must stay in front.
  expect(orderAfterMove(day, stop(9, null), {})).toEqual(['s1 s2 s3 s9 b1 b2', 1])
  expect(orderAfterMove(day, stop(9, null), { after: 'booking:1', before: 'booking:2' })).toEqual([
    's1 s2 s3 b1 s9 b2',
    2,
  ])
  expect(orderAfterMove(day, stop(9, null), { after: 'booking:2' })).toEqual(['s1 s2 s3 b1 b2 s9', 3])
  expect(orderAfterMove(day, stop(9, null, '20:00'), { after: 'stop:3' })).toEqual(['s1 s2 s3 s9 b1 b2', 2])
  expect(orderAfterMove(day, note(9, null), { after: 'stop:3', before: 'booking:1' })).toEqual(['s1 s2 s3 n9 b1 b2', 2])
  expect(orderAfterMove(day, note(9, null), { after: 'booking:2' })).toEqual(['s1 s2 s3 b1 b2 n9', 1])
  expect(orderAfterMove([...DAY, goesOn(1)], note(9, null), { before: 'booking:1' })).toEqual(['n9 b1 s1 s2 s3', 2])
})

test('a booking moved to where its time already puts it stays there from then on', () => {
  const dinner = booking(1, null, '19:00')
  expect(orderAfterMove([...DAY, dinner], dinner, { after: 'stop:3' })).toEqual(['s1 s2 s3 b1', 1])
  expect(orderAfterMove([...DAY, dinner], dinner, { before: 'stop:2' })).toEqual(['s1 b1 s2 s3', 1])
})

test('several moved entries follow one another with nothing in between', () => {
  const newStops = [stop(-1, null), stop(-2, null), stop(-3, null, '20:00')]
  expect(orderAfterMove(DAY, newStops, { before: 'stop:2' })).toEqual(['s1 s-1 s-2 s-3 s2 s3', 3])
  const lunch = booking(1, null, '13:00')
  expect(orderAfterMove([...DAY, lunch], newStops, { after: 'stop:1' })?.[0]).toMatch('s1 s-1 s-2 s-3 s2')
})

test('keys that have grown too long are renewed for the whole day', () => {
  const longKeys = [stop(1, `a0${'0'.repeat(39)}1`), stop(2, `a0${'0'.repeat(39)}2`), stop(3, 'a1')]
  expect(orderAfterMove(longKeys, note(1, null), { before: 'stop:2' })).toEqual(['s1 n1 s2 s3', 4])
})

test('a spot in a row is described by its neighbours, without the dragged entry', () => {
  const timeline = timelineOf([...DAY, note(1, 'a4')])
  expect(spotAt(timeline, 0, null)).toEqual({ before: 'stop:1' })
  expect(spotAt(timeline, 2, null)).toEqual({ after: 'stop:2', before: 'note:1' })
  expect(spotAt(timeline, 4, null)).toEqual({ after: 'stop:3' })
  expect(spotAt(timeline, 2, 'stop:2')).toEqual({ after: 'stop:1', before: 'note:1' })
  expect(spotAt([], 0, null)).toEqual({})
  expect([1, 2, 3].map((gap) => staysPut(timeline, gap, 'stop:2'))).toEqual([true, true, false])
  expect(staysPut(timeline, 0, 'stop:9')).toBe(false)
})

test('a stop that gets a time moves to where it belongs, or stays if it is there', () => {
  const day = [stop(1, 'a1', '09:00'), stop(2, 'a2'), stop(3, 'a3', '14:00'), stop(4, 'a4')]
  const spotOf = (id: number, time: string) => spotOfStop(day, { id, time })
  expect(spotOf(2, '10:00')).toBeNull()
  expect(spotOf(2, '08:00')).toEqual({ before: 'stop:1', byTime: true })
  expect(spotOf(2, '15:00')).toEqual({ before: 'stop:4', byTime: true })
  expect(spotOf(4, '08:00')).toEqual({ before: 'stop:1', byTime: true })
  expect(spotOf(4, '14:00')).toBeNull()
  expect(spotOf(3, '08:00')).toEqual({ before: 'stop:1', byTime: true })
  expect(spotOfStop([stop(1, 'a1', '09:00'), stop(2, 'a2')], { id: 2, time: '08:00' })).toMatchObject({
    before: 'stop:1',
  })
  expect(spotOfStop([stop(1, 'a1'), stop(2, 'a2')], { id: 1, time: '10:00' })).toBeNull()
})

test('a time moves only its own entry, and bookings keep following theirs', () => {
  const day = [stop(1, 'a1', '09:00'), stop(2, 'a2', '14:00'), stop(3, 'a3', '11:00'), booking(1, null, '12:30')]
  const spot = spotOfStop(day, { id: 3, time: '11:00' }) as Spot
  expect(orderAfterMove(day, stop(3, 'a3', '11:00'), spot)).toEqual(['s1 s3 b1 s2', 1])
})

test('a note goes before the first stop that starts later than the note', () => {
  expect(spotOfNote(DAY, '12:30')).toEqual({ before: 'stop:3', byTime: true })
  expect(spotOfNote(DAY, '14:00')).toEqual({ byTime: true })
  expect(spotOfNote(DAY, null)).toEqual({ byTime: true })
})

const clock = fc.option(fc.integer({ min: 6, max: 23 }), { nil: null })
const kinds = fc.constantFrom<DayEntry['kind']>('stop', 'stop', 'note', 'booking', 'booking')
const anyEntry = fc.record({ kind: kinds, hour: clock, free: fc.boolean(), goesOn: fc.boolean() })

/** A random day: stops and notes have keys, some bookings have none. */
const anyDay = fc.array(anyEntry, { maxLength: 12 }).map((entries) => {
  const keys = generateNKeysBetween(null, null, entries.length)
  return entries.map(({ kind, hour, free, goesOn }, at): DayEntry => {
    const isFree = kind === 'booking' && free
    const time = hour === null || (isFree && goesOn) ? null : `${String(hour).padStart(2, '0')}:00`
    return { kind, id: at + 1, order_key: isFree ? null : (keys[at] as string), time, goesOn: isFree && goesOn }
  })
})

test('on any day, an entry dropped between two others ends up between them, and entries with keys keep their order', () => {
  const property = fc.property(anyDay, fc.nat(), fc.nat(), anyEntry, (day, seed, position, { kind, hour }) => {
    const timeline = timelineOf(day)
    const time = hour === null ? null : `${String(hour).padStart(2, '0')}:00`
    // An existing entry, or a new one.
    const carried = seed % 3 ? timeline[seed % Math.max(1, timeline.length)] : undefined
    const moving = carried ?? { kind, id: 99, order_key: null, time }
    const ref = refOf(moving)
    const gap = position % (timeline.length + 1)
    const spot = spotAt(timeline, gap, ref)
    const keys = placed(day, [moving], spot)
    if (!keys) throw new Error('The neighbours were taken from the day')
    const after = timelineOf(
      [...day.filter((one) => refOf(one) !== ref), moving].map((one) => ({
        ...one,
        order_key: keys.get(refOf(one)) ?? one.order_key,
      })),
    )
    const at = after.findIndex((one) => refOf(one) === ref)
    const neighbour = (index: number) => (after[index] ? refOf(after[index]) : undefined)
    if (spot.before) expect(neighbour(at + 1)).toBe(spot.before)
    if (spot.after) expect(neighbour(at - 1)).toBe(spot.after)
    const keyed = (entries: readonly DayEntry[]) =>
      entries.flatMap((one) => (one.order_key !== null && refOf(one) !== ref ? refOf(one) : []))
    const before = keyed(timeline)
    expect(keyed(after).filter((one) => before.includes(one))).toEqual(before)
    // Besides the moved entry, only bookings positioned by their time are written.
    const otherRefs = [...keys.keys()].filter((one) => one !== ref)
    for (const one of otherRefs) expect(timeline.find((entry) => refOf(entry) === one)?.order_key).toBeNull()
  })
  fc.assert(property, { numRuns: times(1000, 100_000), seed: 20270406 })
})
