import { expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/harness/database/databases.ts'
import { makeUser, makeWorld } from '../../../../test/harness/rigs/world.ts'
import { assign_place_to_day, move_assignment, unassign_place } from '../../assignments/contract/index.ts'
import { delete_day } from '../../days/contract/index.ts'
import { create_place } from '../../places/contract/index.ts'
import { get_trip_summary, list_days } from '../../summary/contract/index.ts'
import { create_trip, delete_trip, update_trip } from '../../trips/contract/index.ts'
import * as notes from '../contract/index.ts'

eachDatabase((database) => {
  async function scene() {
    const world = makeWorld(database())
    const ana = await makeUser(database(), 'Ana')
    const { trip } = await world.run(
      create_trip,
      { title: 'Kyoto', start_date: '2027-04-05', end_date: '2027-04-07' },
      ana,
    )
    const tripId = trip.id
    const list = async () => (await world.run(list_days, { tripId }, ana)).days
    const [one, two, three] = (await list()).map((day) => day.id) as [number, number, number]
    const { place } = await world.run(create_place, { tripId, name: 'Gion' }, ana)
    const addNote = async (dayId = one, more: object = {}) =>
      (await world.run(assign_place_to_day, { tripId, dayId, placeId: place.id, ...more }, ana)).assignment
    const add = async (text: string, dayId = one, more: object = {}) =>
      (await world.run(notes.create_day_note, { tripId, dayId, text, ...more }, ana)).note
    const move = async (noteId: number, position: number, more: object = {}) =>
      (await world.run(notes.move_day_note, { tripId, noteId, dayId: one, position, ...more }, ana)).note
    /** The notes of a day as `text@position`, after checking that they are in the order of their keys. */
    const entriesOfDay = async (dayId = one) => {
      const { notes: noteList } = await world.run(notes.list_day_notes, { tripId, dayId }, ana)
      const keys = noteList.map((note) => note.order_key)
      expect(keys).toEqual([...new Set(keys)].sort())
      return noteList.map((note) => `${note.text}@${note.position}`)
    }
    return { ...world, ana, tripId, one, two, three, list, addNote, add, move, entriesOfDay }
  }

  test('a new note goes after the existing stops, and is in the summary of its day', async () => {
    const { addNote, add, list, run, tripId, one, ana, watch } = await scene()
    await addNote()
    const watcher = await watch({ space: 'trip', id: tripId }, ana)
    const note = await add('Buy the bus pass', one, { time: 'in the morning' })
    expect(note).toMatchObject({ icon: '📝', time: 'in the morning', position: 1 })
    expect((await list())[0]?.notes).toEqual([note])
    const summary = await run(get_trip_summary, { tripId }, ana)
    expect(summary.days?.[0]?.notes).toEqual([note])
    expect(summary.days?.[1]?.notes).toEqual([])
    expect(watcher.lines).toEqual(['insert day_note'])
  })

  test('omitted fields stay, null clears the time, and an icon is one emoji', async () => {
    const { add, run, tripId, one, two, ana } = await scene()
    const note = await add('Ferry', one, { time: '09:30', icon: '⛴️' })
    const update = async (more: object, dayId = one) =>
      (await run(notes.update_day_note, { tripId, dayId, noteId: note.id, ...more }, ana)).note
    expect(await update({ text: 'The ferry' })).toEqual({ ...note, text: 'The ferry' })
    expect(await update({ time: null })).toMatchObject({ time: null, icon: '⛴️' })
    for (const icon of ['✈️', '🇯🇵', '👩‍🍳', '1️⃣']) expect(await update({ icon })).toMatchObject({ icon })
    // Older emoji are stored with the variation selector for colour.
    expect(await update({ icon: '✈' })).toMatchObject({ icon: '✈️' })
    for (const icon of [' ', 'ferry', '📝📝', '1', '📝 ']) {
      await expect(update({ icon })).rejects.toMatchObject({ code: 'invalid', issues: [{ path: 'icon' }] })
    }
    // An icon cannot be cleared: programs send an empty text for omitted arguments, so it changes nothing.
    expect(await update({ icon: '' })).toMatchObject({ icon: '✈️' })
    await expect(update({ text: '  ' })).rejects.toMatchObject({ code: 'invalid' })
    await expect(update({ text: 'x' }, two)).rejects.toMatchObject({ code: 'conflict', details: { day_id: one } })
    await expect(update({ text: 'x' }, 999_999)).rejects.toMatchObject({ code: 'conflict' })
  })

  test('a note goes before the stop at its position, ordered among the notes there', async () => {
    const { addNote, add, move, entriesOfDay, two } = await scene()
    for (let count = 0; count < 3; count++) await addNote()
    const [a, b, c] = [await add('a'), await add('b'), await add('c')]
    expect(await entriesOfDay()).toEqual(['a@3', 'b@3', 'c@3'])
    await move(c.id, 1)
    expect(await entriesOfDay()).toEqual(['c@1', 'a@3', 'b@3'])
    await move(b.id, 1)
    expect(await entriesOfDay()).toEqual(['c@1', 'b@1', 'a@3'])
    await move(a.id, 1, { sortOrder: 1 })
    expect(await entriesOfDay()).toEqual(['c@1', 'a@1', 'b@1'])
    await move(c.id, 99, { sortOrder: 0 })
    expect(await entriesOfDay()).toEqual(['a@1', 'b@1', 'c@3'])
    await move(a.id, 99, { dayId: two })
    expect(await entriesOfDay()).toEqual(['b@1', 'c@3'])
    expect(await entriesOfDay(two)).toEqual(['a@0'])
  })

  test('a note with a time is ordered by it until somebody moves it', async () => {
    const { addNote, add, move, entriesOfDay, run, tripId, one, ana } = await scene()
    for (const place_time of ['09:00', undefined, '14:00']) await addNote(one, { place_time })
    const lunch = await add('lunch', one, { time: '12:30' })
    const ferry = await add('ferry', one, { time: '8.15 Uhr' })
    await add('sleep', one, { time: 'late' })
    expect(await entriesOfDay()).toEqual(['ferry@0', 'lunch@2', 'sleep@3'])
    const update = (noteId: number, more: object) =>
      run(notes.update_day_note, { tripId, dayId: one, noteId, ...more }, ana)
    await update(lunch.id, { time: '14:30' })
    expect(await entriesOfDay()).toEqual(['ferry@0', 'sleep@3', 'lunch@3'])
    await move(ferry.id, 1, { beforeBookings: true })
    await update(ferry.id, { time: '08:15', text: 'boat' })
    await update(lunch.id, { time: null })
    expect(await entriesOfDay()).toEqual(['boat@1', 'sleep@3', 'lunch@3'])
  })

  test('a note moved to another day is ordered by its time, or goes last', async () => {
    const { addNote, add, entriesOfDay, run, tripId, one, two, ana } = await scene()
    for (const place_time of ['09:00', '14:00']) await addNote(two, { place_time })
    const [lunch, nap] = [await add('lunch', one, { time: '12:30' }), await add('nap')]
    const update = async (noteId: number, more: object, dayId = one) =>
      (await run(notes.update_day_note, { tripId, dayId, noteId, ...more }, ana)).note
    expect(await update(lunch.id, { newDayId: two, text: 'picnic' })).toMatchObject({ day_id: two, position: 1 })
    expect(await update(nap.id, { newDayId: two })).toMatchObject({ day_id: two, position: 2 })
    expect(await entriesOfDay(two)).toEqual(['picnic@1', 'nap@2'])
    expect(await update(nap.id, { newDayId: one, time: '8:00' }, two)).toMatchObject({ day_id: one, time: '8:00' })
    await expect(update(nap.id, { newDayId: 999_999 })).rejects.toMatchObject({ code: 'not_found' })
  })

  test('a note stays between its stops when others come and go', async () => {
    const { addNote, add, move, entriesOfDay, run, tripId, one, two, ana } = await scene()
    const stops = [await addNote(), await addNote(), await addNote()]
    const middle = await add('middle')
    await add('end')
    await move(middle.id, 2)
    expect(await entriesOfDay()).toEqual(['middle@2', 'end@3'])
    const carry = (index: number, orderIndex: number, newDayId = one, oldDayId = one) =>
      run(move_assignment, { tripId, assignmentId: stops[index]?.id, newDayId, oldDayId, orderIndex }, ana)
    // A stop added last goes after the notes at the end too.
    await carry(0, 2)
    expect(await entriesOfDay()).toEqual(['middle@1', 'end@2'])
    await carry(0, 0)
    expect(await entriesOfDay()).toEqual(['middle@2', 'end@3'])
    await carry(1, 0, two)
    expect(await entriesOfDay()).toEqual(['middle@1', 'end@2'])
    await run(unassign_place, { tripId, dayId: one, assignmentId: stops[2]?.id }, ana)
    expect(await entriesOfDay()).toEqual(['middle@1', 'end@1'])
    await run(notes.delete_day_note, { tripId, dayId: one, noteId: middle.id }, ana)
    expect(await entriesOfDay()).toEqual(['end@1'])
  })

  test('shortening a trip asks before it loses a note, and deleting a day deletes its notes', async () => {
    const { add, run, tripId, one, three, list, ana, watch } = await scene()
    await add('Pack', three)
    await add('Breakfast', one)
    await expect(run(update_trip, { tripId, end_date: '2027-04-06' }, ana)).rejects.toMatchObject({
      code: 'conflict',
      details: { days: [{ day_id: three, holds: { day_notes: 1 } }] },
    })
    const watcher = await watch({ space: 'trip', id: tripId }, ana)
    await run(delete_day, { tripId, dayId: three }, ana)
    expect(watcher.lines).toEqual(['remove day_note', 'remove day', 'patch trip'])
    expect((await list()).flatMap((day) => day.notes.map((note) => note.text))).toEqual(['Breakfast'])
    await run(delete_trip, { tripId }, ana)
  })
})
