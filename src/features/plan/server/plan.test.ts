import { expect, test } from 'vitest'
import { tripWithEntries } from '../../../../test/fixtures/trip-with-entries.ts'
import { eachDatabase } from '../../../../test/harness/database/databases.ts'
import * as assignments from '../../assignments/contract/index.ts'
import * as notes from '../../day-notes/contract/index.ts'
import { create_transport, reorder_reservations } from '../../reservations/contract/index.ts'
import { list_days } from '../../summary/contract/index.ts'
import { move_plan_entry } from '../contract/index.ts'

eachDatabase((database) => {
  const scene = () => tripWithEntries(database())

  test('stops, notes and bookings can be in any order, and a move writes one row', async () => {
    const { stop, note, book, move, namesOfEntries, writes, two } = await scene()
    const [a, b, c] = [await stop('a'), await stop('b'), await stop('c')]
    const hint = await note('hint')
    const lunch = await book('lunch', { reservation_time: '2027-04-05T12:00' })
    let day: string[] = []
    const moveEntry = (entry: string, more: object, dayId?: number) =>
      writes(async () => {
        day = await move(entry, more, dayId)
      })
    expect(await moveEntry(`note:${hint.id}`, { after: `stop:${a.id}`, before: `stop:${b.id}` })).toEqual([
      'patch day_note',
    ])
    expect(namesOfEntries(day)).toBe('a hint b c lunch')
    expect(await moveEntry(`booking:${lunch.id}`, { before: `note:${hint.id}` })).toEqual(['patch reservation'])
    expect(namesOfEntries(day)).toBe('a lunch hint b c')
    expect(await moveEntry(`stop:${c.id}`, { after: `booking:${lunch.id}` })).toEqual(['patch assignment'])
    expect(namesOfEntries(day)).toBe('a lunch c hint b')
    expect(await moveEntry(`stop:${a.id}`, {})).toEqual(['patch assignment'])
    expect(namesOfEntries(day)).toBe('lunch c hint b a')
    expect(await moveEntry(`stop:${c.id}`, {}, two)).toEqual(['patch assignment'])
    expect(await moveEntry(`note:${hint.id}`, { before: `stop:${c.id}` }, two)).toEqual(['patch day_note'])
    expect(namesOfEntries(day)).toBe('hint c')
    // An entry that is already in place is not written.
    expect(await moveEntry(`note:${hint.id}`, { before: `stop:${c.id}` }, two)).toEqual([])
    expect(await moveEntry(`note:${hint.id}`, { before: `note:${hint.id}` }, two)).toEqual([])
  })

  test('a missing neighbour does not matter as long as the other one exists; otherwise the error lists the entries of the day', async () => {
    const { stop, note, move, namesOfEntries, run, ana, tripId, one, two } = await scene()
    const [a, b, c] = [await stop('a'), await stop('b'), await stop('c')]
    const hint = await note('hint', {}, two)
    await run(assignments.unassign_place, { tripId, dayId: one, assignmentId: b.id }, ana)
    const entry = `note:${hint.id}`
    expect(namesOfEntries(await move(entry, { after: `stop:${a.id}`, before: `stop:${b.id}` }))).toBe('a hint c')
    await expect(move(entry, { before: `stop:${b.id}` })).rejects.toMatchObject({
      code: 'invalid',
      issues: [{ path: 'before', message: `must name an entry of day ${one}, and stop:${b.id} is not on it` }],
      hint: `Use one of the entries of that day, here in order: stop:${a.id}, note:${hint.id}, stop:${c.id}.`,
    })
    await expect(move(entry, { after: `stop:${a.id}` }, two)).rejects.toMatchObject({
      code: 'invalid',
      hint: 'Leave out before and after: that day has no entries.',
    })
    await expect(move('stop:999999')).rejects.toMatchObject({ code: 'not_found' })
    await expect(move('place:1')).rejects.toMatchObject({ code: 'invalid', issues: [{ path: 'entry' }] })
  })

  test('a booking moves only within its days, which its dates determine', async () => {
    const { stop, book, move, namesOfEntries, run, ana, tripId, days, one, two } = await scene()
    const dinner = await book('dinner', { reservation_time: '2027-04-05T19:00' })
    const car = { tripId, title: 'car', type: 'car', start_day_id: one, end_day_id: days[2] }
    const { reservation } = await run(create_transport, car, ana)
    const b = await stop('b', {}, two)
    await expect(move(`booking:${dinner.id}`, {}, two)).rejects.toMatchObject({
      code: 'invalid',
      issues: [{ path: 'dayId', message: `cannot take booking ${dinner.id}, which is on day ${one}` }],
      hint: expect.stringContaining('update_reservation'),
    })
    await expect(move(`booking:${reservation.id}`, {}, 999_999)).rejects.toMatchObject({ code: 'not_found' })
    // A rental has a position on the days in between too.
    expect(namesOfEntries(await move(`booking:${reservation.id}`, { after: `stop:${b.id}` }, two))).toBe(
      `b booking:${reservation.id}`,
    )
    const stay = { type: 'hotel', place_id: b.place_id, start_day_id: one, end_day_id: two, day_id: undefined }
    const hotel = await book('hotel', stay)
    await expect(move(`booking:${hotel.id}`)).rejects.toMatchObject({ code: 'invalid', issues: [{ path: 'dayId' }] })
  })

  test('moving an entry needs the permissions that the tools of its kind need', async () => {
    const { stop, note, book, tripId, one, ana, run } = await scene()
    const [a, hint, dinner] = [await stop('a'), await note('hint'), await book('dinner')]
    const move = (entry: string, ...scopes: string[]) =>
      run(move_plan_entry, { tripId, dayId: one, entry }, { ...ana, scopes: new Set(['trips:write', ...scopes]) })
    await move(`note:${hint.id}`)
    for (const [entry, scope] of [
      [`stop:${a.id}`, 'places:write'],
      [`booking:${dinner.id}`, 'reservations:write'],
    ] as const) {
      await expect(move(entry)).rejects.toMatchObject({ code: 'forbidden', message: expect.stringContaining(scope) })
      await move(entry, scope)
    }
  })

  test('a booking positioned by its time gets a key if it would otherwise leave its neighbour', async () => {
    const { stop, note, book, move, namesOfEntries, writes } = await scene()
    await stop('a', { place_time: '09:00' })
    const dinner = await book('dinner', { reservation_time: '2027-04-05T19:00' })
    const hint = await note('hint')
    let day: string[] = []
    const writeCount = await writes(async () => {
      const bar = await stop('bar', { after: `booking:${dinner.id}` })
      day = await move(`stop:${bar.id}`, { after: `booking:${dinner.id}` })
    })
    expect(namesOfEntries(day)).toBe('a dinner bar hint')
    expect(writeCount).toEqual(['insert place', 'patch reservation', 'insert assignment'])
    expect(namesOfEntries(await move(`note:${hint.id}`, { before: `booking:${dinner.id}` }))).toBe('a hint dinner bar')
  })

  test('added entries go to the given position, several places one after another, and are removed again in one step', async () => {
    const { stop, note, place, move, namesOfEntries, writes, run, ana, tripId, one } = await scene()
    const [a, c] = [await stop('a'), await stop('c')]
    const b = await stop('b', { before: `stop:${c.id}` })
    expect(b.order_index).toBe(1)
    const hint = await note('hint', { after: `stop:${a.id}`, time: '23:00' })
    expect(hint.position).toBe(1)
    const { assignment } = await run(
      assignments.create_and_assign_place,
      { tripId, dayId: one, name: 'd', before: `note:${hint.id}` },
      ana,
    )
    const placeIds = [await place('x'), await place('y')]
    const input = { tripId, dayId: one, placeIds, after: `stop:${b.id}` }
    let createdStops: readonly assignments.Stop[] = []
    const writeCount = await writes(async () => {
      createdStops = (await run(assignments.assign_places_to_day, input, ana)).assignments
    })
    expect(writeCount).toEqual(['insert assignment', 'insert assignment'])
    expect(createdStops.map(({ place: { name }, order_index }) => [name, order_index])).toEqual([
      ['x', 3],
      ['y', 4],
    ])
    const [x, y] = createdStops.map(({ id }) => `stop:${id}`)
    expect(namesOfEntries(await move(`stop:${a.id}`, { before: `stop:${assignment.id}` }))).toBe(
      `a stop:${assignment.id} hint b ${x} ${y} c`,
    )
    const assignmentIds = createdStops.map(({ id }) => id)
    const off = await writes(() => run(assignments.unassign_places, { tripId, assignmentIds }, ana))
    expect(off).toEqual(['remove assignment', 'remove assignment'])
    await expect(run(assignments.unassign_places, { tripId, assignmentIds }, ana)).rejects.toMatchObject({
      code: 'not_found',
    })
  })

  test('a stop with a new time moves to its position among the stops, with one change', async () => {
    const { stop, writes, run, ana, tripId, move, namesOfEntries } = await scene()
    const [a, b] = [await stop('a', { place_time: '09:00' }), await stop('b', { place_time: '14:00' })]
    const c = await stop('c')
    const set = (assignmentId: number, place_time: string | null) => () =>
      run(assignments.update_assignment_time, { tripId, assignmentId, place_time }, ana)
    expect(await writes(set(c.id, '11:00'))).toEqual(['patch assignment'])
    expect(namesOfEntries(await move(`stop:${a.id}`, { before: `stop:${c.id}` }))).toBe('a c b')
    expect(await writes(set(b.id, '08:00'))).toEqual(['patch assignment'])
    expect(namesOfEntries(await move(`stop:${b.id}`, { before: `stop:${a.id}` }))).toBe('b a c')
    expect(await writes(set(b.id, null))).toEqual(['patch assignment'])
    expect(namesOfEntries(await move(`stop:${b.id}`, { before: `stop:${a.id}` }))).toBe('b a c')
  })

  test('the published tools move the same entries by their positions', async () => {
    const { stop, note, book, move, namesOfEntries, writes, run, ana, tripId, one } = await scene()
    const stops = [await stop('a'), await stop('b'), await stop('c')]
    const hint = await note('hint', { before: `stop:${stops[1]?.id}` })
    const dinner = await book('dinner')
    const [a, b, c] = stops.map(({ id }) => id) as [number, number, number]
    const moveNow = () => move(`stop:${a}`, { before: `stop:${a}` }).then(namesOfEntries)
    const reorder = (assignmentIds: number[]) => () =>
      run(assignments.reorder_day_assignments, { tripId, dayId: one, assignmentIds }, ana)
    // The note stays after the first stop, whichever that is.
    expect(await writes(reorder([b, a, c]))).toHaveLength(2)
    expect(await moveNow()).toBe('b hint a c dinner')
    expect(await writes(reorder([b, a, c]))).toEqual([])
    await run(
      assignments.move_assignment,
      { tripId, assignmentId: c, oldDayId: one, newDayId: one, orderIndex: 1 },
      ana,
    )
    expect(await moveNow()).toBe('b hint c a dinner')
    const position = { tripId, positions: [{ id: dinner.id, day_plan_position: 1 }] }
    expect(await writes(() => run(reorder_reservations, position, ana))).toEqual(['patch reservation'])
    expect(await moveNow()).toBe('b dinner hint c a')
    const slot = { tripId, noteId: hint.id, dayId: one, position: 1 }
    await run(notes.move_day_note, { ...slot, beforeBookings: true }, ana)
    expect(await moveNow()).toBe('b hint dinner c a')
    await run(notes.move_day_note, { ...slot, position: 3 }, ana)
    expect(await moveNow()).toBe('b dinner c a hint')
  })

  test('a day whose keys have grown too long gets short ones at the next move', async () => {
    const { stop, move, namesOfEntries, writes, run, ana, tripId } = await scene()
    const [a, b, c] = [await stop('a'), await stop('b'), await stop('c')]
    const keys = async () =>
      ((await run(list_days, { tripId }, ana)).days[0]?.assignments ?? []).map(({ order_key }) => order_key)
    const longKey = `a0${'0'.repeat(38)}`
    await database().write({ space: 'trip', id: tripId }, async (tx) => {
      for (const [at, { id }] of [a, b].entries()) {
        const row = await tx.find(assignments.Assignment, { id })
        if (row) await tx.patch(assignments.Assignment, row, { order_key: `${longKey}${at + 1}` })
      }
    })
    expect((await keys())[0]).toHaveLength(41)
    const writeCount = await writes(async () => {
      expect(namesOfEntries(await move(`stop:${c.id}`, { after: `stop:${a.id}` }))).toBe('a c b')
    })
    expect(writeCount).toEqual(['patch assignment', 'patch assignment', 'patch assignment'])
    expect(await keys()).toEqual(['a0', 'a1', 'a2'])
  })
})
