import { expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/harness/database/databases.ts'
import { makeUser, makeWorld } from '../../../../test/harness/rigs/world.ts'
import { newCommit } from '../../../core/data/commit.ts'
import { pageOf } from '../../../core/run/paging.ts'
import { assign_place_to_day } from '../../assignments/contract/index.ts'
import { list_days } from '../../summary/contract/index.ts'
import { add_trip_member, create_trip } from '../../trips/contract/index.ts'
import * as places from '../contract/index.ts'
import { listPlaces } from './store.ts'

eachDatabase((database) => {
  async function scene() {
    const world = makeWorld(database())
    const [ana, ben] = [await makeUser(database(), 'Ana'), await makeUser(database(), 'Ben')]
    const { trip } = await world.run(create_trip, { title: 'Kyoto', currency: 'CHF', day_count: 2 }, ana)
    const tripId = trip.id
    const { username } = await database()
      .kysely.selectFrom('users')
      .select('username')
      .where('id', '=', ben.userId)
      .executeTakeFirstOrThrow()
    await world.run(add_trip_member, { tripId, identifier: username }, ana)
    const add = async (more: object, caller = ana) =>
      (await world.run(places.create_place, { tripId, name: 'Kinkaku-ji', ...more }, caller)).place
    const change = async (placeId: number, more: object, caller = ana) =>
      (await world.run(places.update_place, { tripId, placeId, ...more }, caller)).place
    const names = async (filter: object, caller = ana) =>
      (await world.run(places.list_places, { tripId, ...filter }, caller)).places.map((place) => place.name)
    return { ...world, ana, ben, tripId, add, change, names }
  }

  test('a place can be at 0, 0 and cost 0', async () => {
    const { add } = await scene()
    expect(await add({ name: 'Null Island', lat: 0, lng: 0, price: 0 })).toMatchObject({
      lat: 0,
      lng: 0,
      price: 0,
      currency: 'CHF',
      transport_mode: 'walking',
      description: null,
      tags: [],
    })
  })

  test('null clears a field, an omitted field stays, and a price keeps its currency', async () => {
    const { add, change } = await scene()
    const place = await add({ price: 12.5, currency: 'eur', notes: 'Early', lat: 35, lng: 135 })
    expect(await change(place.id, { price: null })).toEqual({ ...place, price: null })
    expect(await change(place.id, { price: 0 })).toMatchObject({ price: 0, currency: 'EUR', notes: 'Early' })
    expect(await change(place.id, { currency: null })).toMatchObject({ price: 0, currency: 'CHF' })
    expect(await change(place.id, { lat: null, lng: null, notes: null })).toMatchObject({
      lat: null,
      lng: null,
      notes: null,
    })
  })

  test.each([
    [{ lat: 35 }, 'lng'],
    [{ lat: 91, lng: 0 }, 'lat'],
    [{ lat: 0, lng: -180.5 }, 'lng'],
    [{ place_time: '14:00', end_time: '13:00' }, 'end_time'],
    [{ place_time: '25:00' }, 'place_time'],
    [{ category_id: 4711 }, 'category_id'],
    [{ price: -1 }, 'price'],
    [{ price: 0.005, currency: 'EUR' }, 'price'],
    [{ price: 1, currency: 'XYZ' }, 'currency'],
    [{ website: 'javascript:alert(1)' }, 'website'],
    [{ name: '  ' }, 'name'],
    [{ name: 'a\u0000b' }, 'name'],
    [{ name: 'abc\u202Egpj' }, 'name'],
    [{ name: 'x'.repeat(1_000_000) }, 'name'],
    [{ tilte: 'x' }, 'tilte'],
  ])('%j is refused, naming the field, and nothing is written', async (more, path) => {
    const { tripId, run, ana, names } = await scene()
    const refused = await run(places.create_place, { tripId, name: 'x', ...more }, ana).catch((error) => error)
    expect(refused).toMatchObject({ code: 'invalid', issues: [{ path }] })
    expect(await names({})).toEqual([])
  })

  test.each([
    [{ lat: 35 }, 'is needed too, because a position has a latitude and a longitude'],
    [
      { name: 'Night bar', place_time: '18:00', end_time: '02:00' },
      'is 02:00, before Night bar opens at 18:00 on the same day',
    ],
  ])('%j is refused in plain words', async (more, message) => {
    const { add } = await scene()
    await expect(add(more)).rejects.toMatchObject({ code: 'invalid', issues: [{ message }] })
  })

  test.each(['<script>alert(1)</script>', "'; drop table places; --", '金閣寺 ⛩️', 'مسجد', 'e\u0301'])(
    'the name %s comes back as it was written',
    async (name) => {
      const { add, names } = await scene()
      await add({ name })
      expect(await names({ search: name.slice(0, 3).toUpperCase() })).toEqual([name])
    },
  )

  test('lists filter by text, category, tag and whether a place is on a day', async () => {
    const { add, names, run, ana, tripId } = await scene()
    const { categories } = await run(places.list_categories, {}, ana)
    expect(categories.map(({ name }) => name)).toContain('Restaurant')
    const { tag } = await run(places.create_tag, { name: `Rainy day ${tripId}` }, ana)
    const food = categories.find(({ name }) => name === 'Restaurant')?.id
    const a = await add({ name: 'Nishiki', category_id: food, address: 'Nakagyo' })
    await add({ name: 'Museum', tag_ids: [tag.id] })
    const { days } = await run(list_days, { tripId }, ana)
    await run(assign_place_to_day, { tripId, dayId: days[0]?.id, placeId: a.id }, ana)
    expect(await names({})).toEqual(['Museum', 'Nishiki'])
    expect(await names({ search: 'nakagyo' })).toEqual(['Nishiki'])
    expect(await names({ category: 'restaurant' })).toEqual(['Nishiki'])
    expect(await names({ category: String(food) })).toEqual(['Nishiki'])
    expect(await names({ category: food })).toEqual(['Nishiki'])
    expect(await names({ category: '' })).toEqual(await names({}))
    expect(await names({ tag: tag.name })).toEqual(['Museum'])
    expect(await names({ assignment: 'assigned' })).toEqual(['Nishiki'])
    expect(await names({ assignment: 'unassigned' })).toEqual(['Museum'])
    await expect(names({ category: 'Restorant' })).rejects.toMatchObject({ hint: 'Use Restaurant if you mean that.' })
  })

  test('tags are personal: on the same place each member sees only their own', async () => {
    const { add, change, run, ana, ben, tripId, watch } = await scene()
    const { tag: tagOfAna } = await run(places.create_tag, { name: `Secret ${tripId}` }, ana)
    const { tag: tagOfBen } = await run(places.create_tag, { name: 'Food' }, ben)
    const watcher = await watch({ space: 'trip', id: tripId }, ben)
    const place = await add({ tag_ids: [tagOfAna.id] })
    expect(place.tags.map(({ name }) => name)).toEqual([tagOfAna.name])
    expect((await change(place.id, { tag_ids: [tagOfBen.id] }, ben)).tags.map(({ name }) => name)).toEqual(['Food'])
    expect((await change(place.id, { name: 'Renamed' })).tags.map(({ name }) => name)).toEqual([tagOfAna.name])
    expect(watcher.lines).toEqual(['insert place', 'insert place_tag', 'patch place'])
    await expect(change(place.id, { tag_ids: [tagOfBen.id] })).rejects.toMatchObject({ code: 'not_found' })
    await run(places.delete_tag, { tagId: tagOfAna.id }, ana)
    expect((await change(place.id, { notes: 'x' })).tags).toEqual([])
    await expect(run(places.create_tag, { name: 'Food' }, ben)).rejects.toMatchObject({ code: 'conflict' })
    await run(places.create_tag, { name: 'Food' }, ana)
  })

  test('several places are updated in one step: only the given fields, and all or none', async () => {
    const { add, change, run, tripId, ana, watch } = await scene()
    const [a, b, other] = [
      await add({ name: 'a', notes: 'Early', end_time: '12:00' }),
      await add({ name: 'b', price: 4, currency: 'JPY' }),
      await add({ name: 'other' }),
    ]
    const { trip } = await run(create_trip, { title: 'Osaka' }, ana)
    const { place: foreignPlace } = await run(places.create_place, { tripId: trip.id, name: 'Castle' }, ana)
    const { categories } = await run(places.list_categories, {}, ana)
    const watcher = await watch({ space: 'trip', id: tripId }, ana)
    const bulk = (more: object, placeIds = [a.id, b.id, a.id]) =>
      run(places.bulk_update_places, { tripId, placeIds, ...more }, ana)
    const category_id = categories[0]?.id as number
    expect(await bulk({ category_id, price: 0, notes: null })).toEqual({ updated: 2 })
    expect(watcher.lines).toEqual(['patch place', 'patch place'])
    for (const [before, currency] of [
      [a, 'CHF'],
      [b, 'JPY'],
    ] as const) {
      expect(await change(before.id, {})).toEqual({ ...before, category_id, price: 0, currency, notes: null })
    }
    expect(await change(other.id, {})).toEqual(other)
    await expect(bulk({ notes: 'x' }, [a.id, foreignPlace.id, 999_999])).rejects.toMatchObject({
      code: 'invalid',
      issues: [{ path: 'placeIds', message: expect.stringContaining(`${foreignPlace.id}, 999999`) }],
    })
    await expect(bulk({ place_time: '13:00' })).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('before a opens at 13:00'),
    })
    await expect(bulk({})).rejects.toMatchObject({ code: 'invalid' })
    expect(watcher.lines).toEqual(['patch place', 'patch place'])
  })

  test('several places are deleted in one step, with their stops', async () => {
    const { add, names, run, tripId, ana, watch } = await scene()
    const [a, b, stays] = [await add({ name: 'a' }), await add({ name: 'b' }), await add({ name: 'stays' })]
    const { days } = await run(list_days, { tripId }, ana)
    for (const placeId of [a.id, stays.id, b.id]) {
      await run(assign_place_to_day, { tripId, dayId: days[0]?.id, placeId }, ana)
    }
    const watcher = await watch({ space: 'trip', id: tripId }, ana)
    const bulk = (placeIds: number[]) => run(places.bulk_delete_places, { tripId, placeIds }, ana)
    await expect(bulk([a.id, 999_999])).rejects.toMatchObject({ code: 'invalid', issues: [{ path: 'placeIds' }] })
    expect(watcher.lines).toEqual([])
    expect(await bulk([a.id, b.id])).toEqual({ deleted: 2 })
    expect(await names({})).toEqual(['stays'])
    expect(watcher.lines.filter((line) => line.startsWith('remove')).sort()).toEqual([
      'remove assignment',
      'remove assignment',
      'remove place',
      'remove place',
    ])
    const { days: after } = await run(list_days, { tripId }, ana)
    expect(after[0]?.assignments.map((stop) => stop.order_index)).toEqual([0])
  })

  test('only administrators change categories, and deleting one leaves its places without a category', async () => {
    const { add, change, run, ana } = await scene()
    const admin = await makeUser(database(), 'Root', { admin: true })
    await expect(run(places.create_category, { name: 'Onsen' }, ana)).rejects.toMatchObject({ code: 'forbidden' })
    const { category } = await run(places.create_category, { name: 'Onsen' }, admin)
    await expect(run(places.create_category, { name: 'Onsen' }, admin)).rejects.toMatchObject({ code: 'conflict' })
    const place = await add({ category_id: category.id })
    await run(places.delete_category, { categoryId: category.id }, admin)
    expect(await change(place.id, { notes: 'x' })).toMatchObject({ category_id: null })
  })

  test('the resource of categories needs no scope', async () => {
    const { run, ana } = await scene()
    const { categories } = await run(places.list_categories, {}, ana)
    const callerWithoutScope = { ...ana, scopes: new Set(['trips:read']) }
    expect((await run(places.read_categories, {}, callerWithoutScope)).categories).toEqual(categories)
    await expect(run(places.list_categories, {}, callerWithoutScope)).rejects.toMatchObject({ code: 'forbidden' })
  })

  test('the database returns the same pages as slicing the whole list, for any cursor', async () => {
    const { add, run, ana, tripId } = await scene()
    await database().write({ space: 'trip', id: tripId }, async (tx) => {
      // Several with the same timestamp, and with timestamps that do not follow their ids.
      for (let index = 0; index < 200; index++) {
        const created_at = `2027-01-0${1 + (index % 7)}T12:00:00.000Z`
        await tx.insert(places.Place, { trip_id: tripId, name: `Place ${index}`, created_at })
      }
      await tx.writeLog(
        { user_id: ana.userId, name: '', way: 'cli', client: null, grant: null, operation: 'seed' },
        newCommit({ space: 'trip', id: tripId }),
      )
    })
    const { tag } = await run(places.create_tag, { name: 'Gone' }, ana)
    const deletedPlace = await add({ tag_ids: [tag.id] })
    const keptPlace = await add({ tag_ids: [tag.id] })
    await run(places.delete_place, { tripId, placeId: deletedPlace.id }, ana)
    const allPlaces = (await database().read((tx) => listPlaces(tx, tripId))).map((place) => ({
      ...place,
      tags: place.id === keptPlace.id ? [{ id: tag.id, name: 'Gone', color: tag.color }] : [],
    }))
    const mark = (id: unknown, offset: number) => Buffer.from(JSON.stringify([id, offset])).toString('base64url')
    const cursors = [
      ...[
        undefined,
        mark(deletedPlace.id, 3),
        mark(deletedPlace.id, 500),
        mark('7', 2),
        mark(null, 0),
        mark(2 ** 60, 5),
      ],
      ...allPlaces.filter((_, at) => at % 9 === 0).map(({ id }) => mark(id, 1)),
    ]
    for (const cursor of cursors) {
      for (const limit of cursor === undefined || cursor.length % 3 ? [undefined, 3] : [160]) {
        const pageInput = { ...(cursor !== undefined && { cursor }), ...(limit !== undefined && { limit }) }
        const { items, ...rest } = pageOf(allPlaces, pageInput)
        expect(await run(places.list_places, { tripId, ...pageInput }, ana)).toEqual({ places: items, ...rest })
        // The same with a filter, which selects places by id.
        const chosen = await run(places.list_places, { tripId, assignment: 'unassigned', ...pageInput }, ana)
        expect(chosen).toEqual({ places: items, ...rest })
      }
    }
  })
})
