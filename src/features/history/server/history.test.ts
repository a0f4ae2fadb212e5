import { beforeAll, expect, test } from 'vitest'
import { PIXEL, uploaded } from '../../../../test/fixtures/samples/files.ts'
import { eachDatabase } from '../../../../test/harness/database/databases.ts'
import { services } from '../../../../test/harness/network/outside-address.ts'
import { daysLater } from '../../../../test/harness/rigs/days-later.ts'
import { makeUser, makeWorld, type World } from '../../../../test/harness/rigs/world.ts'
import type { Caller } from '../../../core/data/space.ts'
import { assign_place_to_day } from '../../assignments/contract/index.ts'
import { create_budget_item, update_budget_item } from '../../budget/contract/index.ts'
import { send_collab_message } from '../../collab/contract/index.ts'
import { create_day } from '../../days/contract/index.ts'
import { delete_file, list_files, upload_file } from '../../files/contract/index.ts'
import { create_packing_item, list_packing_items, update_packing_item } from '../../packing/contract/index.ts'
import {
  create_place,
  create_tag,
  delete_place,
  delete_tag,
  list_places,
  list_tags,
  update_place,
} from '../../places/contract/index.ts'
import { add_trip_member, create_trip, transfer_trip_ownership } from '../../trips/contract/index.ts'
import { get_history_size, list_changes, MOST_COMMITS, undo_changes } from '../contract/index.ts'

eachDatabase((database) => {
  let world: World
  let ana: Caller
  let ben: Caller
  let cleo: Caller
  let tripId: number

  beforeAll(async () => {
    world = makeWorld(database(), services)
    ana = await makeUser(database(), 'Ana')
    ben = await makeUser(database(), 'Ben')
    cleo = await makeUser(database(), 'Cleo')
    tripId = (await world.run(create_trip, { title: 'Kyoto' }, ana)).trip.id
    const users = await database().kysely.selectFrom('users').select('username').where('id', '=', ben.userId).execute()
    await world.run(add_trip_member, { tripId, identifier: users[0]?.username }, ana)
  })

  const history = async (caller: Caller, more: object = {}) =>
    (await world.run(list_changes, { tripId, ...more }, caller)).changes
  const last = async (caller: Caller) => (await history(caller))[0]?.commit as string
  const undo = async (caller: Caller, commits: readonly string[], more: object = {}) =>
    (await world.run(undo_changes, { tripId, commits, ...more }, caller)).undone
  const placeIn = async (id: number) =>
    (await world.run(list_places, { tripId }, ana)).places.find((place) => place.id === id)
  const newPlace = async (caller: Caller, name = 'Kinkaku-ji') =>
    (await world.run(create_place, { tripId, name, notes: 'Early' }, caller)).place

  test('a line of the history says who did what, with old and new values', async () => {
    const place = await newPlace(ana)
    await world.run(
      update_place,
      { tripId, placeId: place.id, notes: 'Late' },
      { ...ben, way: 'mcp', client: 'Claude' },
    )
    expect((await history(ana)).slice(0, 2)).toMatchObject([
      {
        user_name: 'Ben',
        client: 'Claude',
        operation: 'update_place',
        title: 'Change a place',
        rows: [
          {
            entity: 'place',
            id: place.id,
            title: 'Kinkaku-ji',
            action: 'changed',
            fields: expect.arrayContaining([{ field: 'notes', was: 'Early', is: 'Late' }]),
          },
        ],
      },
      { user_name: 'Ana', client: null, rows: [{ action: 'added', title: 'Kinkaku-ji' }] },
    ])
    expect(await history(ana, { client: 'Claude', userId: ben.userId })).toHaveLength(1)
    expect(await history(ana, { entity: 'place', rowId: place.id })).toHaveLength(2)
  })

  test('the history is read page by page, and its pages lose nothing', async () => {
    const allChanges = await history(ana, { limit: 100 })
    const paged = []
    for (let before: number | null | undefined; before !== null; ) {
      const page = await world.run(list_changes, { tripId, limit: 2, ...(before && { before }) }, ana)
      paged.push(...page.changes)
      before = page.next_before
    }
    expect(paged).toEqual(allChanges)
  })

  test('a change of a row that a person cannot see leaves no trace in their history', async () => {
    const { item } = await world.run(create_packing_item, { tripId, name: 'Ring', visibility: 'personal' }, ana)
    await world.run(update_packing_item, { tripId, itemId: item.id, name: 'Box' }, ana)
    expect((await history(ana))[0]).toMatchObject({ operation: 'update_packing_item' })
    expect(JSON.stringify(await history(ben))).not.toMatch(/Ring|Box|packing/)
  })

  test('a stranger, and a program without the scope of a list, see no changes of that list', async () => {
    await world.run(create_budget_item, { tripId, name: 'Dinner', total_price: 20 }, ana)
    await expect(history(cleo)).rejects.toMatchObject({ code: 'not_found' })
    const program = { ...ana, scopes: new Set(['trips:read']) }
    expect(JSON.stringify(await history(program))).not.toMatch(/Dinner/)
  })

  test('a deleted place comes back under its id with all its fields, and the undo can be undone', async () => {
    const place = await newPlace(ana)
    const before = await placeIn(place.id)
    await world.run(delete_place, { tripId, placeId: place.id }, ana)
    const deletion = await last(ana)
    const [undone] = await undo(ana, [deletion])
    expect(undone).toMatchObject({ refused: null, left: [], rows: [{ entity: 'place', action: 'added' }] })
    expect(await placeIn(place.id)).toEqual(before)
    const [first, second] = await history(ana)
    expect([first?.undoes, second?.undone]).toEqual([true, true])
    await undo(ana, [await last(ana)])
    expect(await placeIn(place.id)).toBeUndefined()
    expect((await history(ana)).slice(0, 3).map((line) => line.undone)).toEqual([false, true, false])
  })

  test('a field that somebody set later keeps its value and is reported; the others go back', async () => {
    const place = await newPlace(ana)
    await world.run(update_place, { tripId, placeId: place.id, notes: 'Late', website: 'https://a.example' }, ana)
    const commit = await last(ana)
    await world.run(update_place, { tripId, placeId: place.id, notes: 'Noon' }, ben)
    const [undone] = await undo(ana, [commit])
    expect(undone?.rows).toMatchObject([{ fields: expect.arrayContaining(['website']) }])
    expect(undone?.left).toMatchObject([{ fields: ['notes'], reason: 'It was changed later' }])
    expect(await placeIn(place.id)).toMatchObject({ notes: 'Noon', website: null })
  })

  test('a field that was set away and back later counts as set', async () => {
    const place = await newPlace(ana)
    await world.run(update_place, { tripId, placeId: place.id, notes: 'Late' }, ana)
    const commit = await last(ana)
    await world.run(update_place, { tripId, placeId: place.id, notes: 'Noon' }, ben)
    await world.run(update_place, { tripId, placeId: place.id, notes: 'Late' }, ben)
    expect((await undo(ana, [commit]))[0]?.left).toMatchObject([{ fields: ['notes'] }])
    expect(await placeIn(place.id)).toMatchObject({ notes: 'Late' })
  })

  test('three changes of one field, undone together, give the first value', async () => {
    const place = await newPlace(ana)
    const commits = []
    for (const notes of ['One', 'Two', 'Three']) {
      await world.run(update_place, { tripId, placeId: place.id, notes }, ana)
      commits.push(await last(ana))
    }
    await undo(ana, commits)
    expect(await placeIn(place.id)).toMatchObject({ notes: 'Early' })
  })

  test('the price and the payers of an expense go back together or not at all', async () => {
    const payers = [{ user_id: ana.userId, amount: 30 }]
    const { item } = await world.run(create_budget_item, { tripId, name: 'Tea', total_price: 30, payers }, ana)
    const raised = { total_price: 45, payers: [{ user_id: ana.userId, amount: 45 }] }
    await world.run(update_budget_item, { tripId, itemId: item.id, ...raised }, ana)
    const commit = await last(ana)
    const otherPayers = { payers: [{ user_id: ben.userId, amount: 45 }] }
    await world.run(update_budget_item, { tripId, itemId: item.id, ...otherPayers }, ben)
    const [undone] = await undo(ana, [commit])
    expect(undone).toMatchObject({ rows: [], left: [{ fields: expect.arrayContaining(['total_price', 'payers']) }] })
  })

  test('a place that somebody has used or changed since then stays', async () => {
    const place = await newPlace(ana)
    const commit = await last(ana)
    await world.run(update_place, { tripId, placeId: place.id, notes: 'Noon' }, ben)
    expect((await undo(ana, [commit]))[0]).toMatchObject({ rows: [], left: [{ reason: 'It was changed later' }] })
    expect(await placeIn(place.id)).toBeDefined()
  })

  test('everything that an assistant did since a moment is undone call by call, and what nobody else may see is not touched', async () => {
    const claude = { ...ben, way: 'mcp' as const, client: 'Claude' }
    const since = new Date().toISOString()
    const names = Array.from({ length: MOST_COMMITS + 5 }, (_, at) => `Place ${at}`)
    for (const name of names) await newPlace(claude, name)
    const kept = await newPlace(ben, 'By hand')
    await world.run(create_packing_item, { tripId, name: 'Ring', visibility: 'personal' }, claude)
    const call = { tripId, since, client: 'Claude', userId: ben.userId }
    const preview = await world.run(undo_changes, { ...call, preview: true }, ana)
    const first = await world.run(undo_changes, call, ana)
    expect(first).toEqual({ ...preview, preview: false })
    expect(first.undone).toHaveLength(MOST_COMMITS)
    const second = await world.run(undo_changes, { ...call, before: first.next_before }, ana)
    expect(second).toMatchObject({ next_before: null, undone: Array(5).fill({ refused: null, left: [] }) })
    expect(await world.run(undo_changes, call, ana)).toMatchObject({ undone: [], next_before: null })
    const places = (await world.run(list_places, { tripId }, ana)).places.map(({ name }) => name)
    expect(places.filter((name) => names.includes(name))).toEqual([])
    expect(places).toContain(kept.name)
    expect((await world.run(list_packing_items, { tripId }, ben)).items.map(({ name }) => name)).toContain('Ring')
  })

  test('undo is refused unless it is said either which changes or since when', async () => {
    const commits = [await last(ana)]
    const since = new Date().toISOString()
    for (const wrong of [{}, { commits, since }, { commits, client: 'Claude' }, { client: 'Claude' }]) {
      await expect(world.run(undo_changes, { tripId, ...wrong }, ana)).rejects.toMatchObject({
        code: 'invalid',
        message: 'It must be said which changes are meant',
      })
    }
  })

  test('a change that was made outside of the trip says that it is not undone there', async () => {
    const changes = await history(ana, { limit: 100 })
    expect(changes.at(-1)).toMatchObject({
      operation: 'create_trip',
      refused: 'It was not made in this trip, so it is not undone here',
    })
    expect(changes.find(({ operation }) => operation === 'create_place')).toMatchObject({ refused: null })
  })

  test('a stop and a member are called like their place and their account, and a row that was changed twice is listed once', async () => {
    const place = await newPlace(ana, 'Nijō')
    const { day } = await world.run(create_day, { tripId }, ana)
    await world.run(assign_place_to_day, { tripId, dayId: day.id, placeId: place.id }, ana)
    expect((await history(ana))[0]?.rows).toMatchObject([{ entity: 'assignment', title: 'Nijō', action: 'added' }])
    await world.run(update_place, { tripId, placeId: place.id, notes: 'Late' }, ana)
    const [update, , , made] = (await history(ana)).map(({ commit }) => commit) as string[]
    await undo(ana, [update as string, made as string])
    expect((await history(ana))[0]?.rows.map(({ entity, action }) => [entity, action])).toEqual([['place', 'changed']])
    const joined = (await history(ana, { entity: 'trip_member', limit: 100 })).flatMap(({ rows }) => rows)
    expect(joined.filter(({ entity }) => entity === 'trip_member').map(({ title }) => title)).toEqual(
      expect.arrayContaining(['Ana', 'Ben']),
    )
  })

  test('after its time a change only says who did what and when, and a younger one can still be undone', async () => {
    // The job erases what is older than 90 days.
    const later = daysLater(world, 91)
    const { trip } = await world.run(create_trip, { title: 'Oslo' }, ana)
    const inTrip = { tripId: trip.id }
    const made = await world.run(create_place, { ...inTrip, name: 'Fjord', notes: 'Early' }, ana)
    await world.run(create_packing_item, { ...inTrip, name: 'Ring', visibility: 'personal' }, ana)
    await later.run(update_place, { ...inTrip, placeId: made.place.id, notes: 'Late' }, ana)
    await later.endUndo()
    const list = async () => (await world.run(list_changes, inTrip, ana)).changes
    const [update, creation] = (await list()).filter(({ operation }) => operation !== 'create_packing_item')
    if (!update || !creation) throw new Error('The changes are missing')
    expect(update).toMatchObject({ refused: null, rows: [{ title: 'Fjord', fields: [{ field: 'notes' }] }] })
    expect(creation).toMatchObject({
      operation: 'create_place',
      user_name: 'Ana',
      refused: 'The log no longer has its content',
      rows: [{ entity: 'place', title: null, action: 'added', fields: [] }],
    })
    expect(JSON.stringify((await list()).slice(1))).not.toMatch(/Fjord|Early|Ring|packing/)
    const { undone } = await world.run(undo_changes, { ...inTrip, commits: [creation.commit] }, ana)
    expect(undone).toMatchObject([{ rows: [], left: [{ reason: 'The log no longer has its content' }] }])
    await world.run(undo_changes, { ...inTrip, commits: [update.commit] }, ana)
    const [place] = (await world.run(list_places, inTrip, ana)).places
    expect(place).toMatchObject({ name: 'Fjord', notes: 'Early' })
    // The job goes on where it ended, and does nothing twice.
    await later.endUndo()
    expect((await list()).map(({ operation }) => operation)).toEqual(
      expect.arrayContaining(['undo_changes', 'create_trip']),
    )
  })

  test('an administrator sees how large the history is, and nobody else does', async () => {
    const admin = { ...cleo, admin: true, way: 'web' as const }
    const size = () => world.run(get_history_size, {}, admin)
    const before = await size()
    await newPlace(ana)
    const after = await size()
    expect(after).toMatchObject({ days: 90, deleted_days: 30, since: expect.any(String) })
    expect(after.changes).toBeGreaterThan(before.changes)
    expect(after.bytes).toBeGreaterThan(before.bytes)
    await expect(world.run(get_history_size, {}, { ...ana, way: 'web' })).rejects.toMatchObject({ code: 'forbidden' })
  })

  test('a tag whose name was given to another one since then is not put back', async () => {
    const { tag } = await world.run(create_tag, { name: 'Temples' }, ana)
    await world.run(delete_tag, { tagId: tag.id }, ana)
    const [deletion] = (await world.run(list_changes, {}, ana)).changes
    await world.run(create_tag, { name: 'Temples' }, ana)
    const { undone } = await world.run(undo_changes, { commits: [deletion?.commit as string] }, ana)
    expect(undone).toMatchObject([
      { rows: [], left: [{ entity: 'tag', reason: 'Something else has taken its place' }] },
    ])
    expect((await world.run(list_tags, {}, ana)).tags.map(({ name }) => name)).toEqual(['Temples'])
  })

  test('a deleted file comes back with its bytes', async () => {
    const file = await uploaded(services.files, PIXEL, 'ticket.gif')
    const { file: kept } = await world.run(upload_file, { tripId, file }, ana)
    await world.run(delete_file, { tripId, fileId: kept.id }, ana)
    await undo(ana, [await last(ana)])
    expect((await world.run(list_files, { tripId }, ana)).files).toMatchObject([{ id: kept.id }])
    const row = await database()
      .kysely.selectFrom('trip_files')
      .select('key')
      .where('id', '=', kept.id)
      .executeTakeFirstOrThrow()
    expect(row.key).toBe(file.key)
    const sealed = await database().kysely.selectFrom('kept_secrets').selectAll().execute()
    expect(JSON.stringify(sealed)).not.toContain(file.key)
  })

  test('after its time a deleted file is not put back without its bytes', async () => {
    const { file } = await world.run(upload_file, { tripId, file: await uploaded(services.files, PIXEL, 'a.gif') }, ana)
    await world.run(delete_file, { tripId, fileId: file.id }, ana)
    const deletion = await last(ana)
    const job = world.catalogue.features
      .flatMap(({ jobs }) => jobs ?? [])
      .find(({ name }) => name.startsWith('forget secrets'))
    await job?.run({ now: new Date(Date.now() + 31 * 86_400_000), run: world.run as never, log() {} })
    expect(await undo(ana, [deletion])).toMatchObject([
      { rows: [], left: [{ reason: expect.stringContaining('time') }] },
    ])
  })

  test('a preview says what would be undone, and changes nothing', async () => {
    const place = await newPlace(ana)
    const commit = await last(ana)
    const lines = await history(ana)
    expect(await undo(ana, [commit], { preview: true })).toMatchObject([{ rows: [{ action: 'removed' }] }])
    expect(await placeIn(place.id)).toBeDefined()
    expect(await history(ana)).toEqual(lines)
  })

  test('only the owner can undo changes of others, and nobody can undo messages of others', async () => {
    const place = await newPlace(ana)
    expect(await undo(ben, [await last(ana)])).toMatchObject([{ refused: expect.stringContaining('Somebody else') }])
    expect(await placeIn(place.id)).toBeDefined()
    const other = await newPlace(ben, 'Ginkaku-ji')
    await undo(ana, [await last(ana)])
    expect(await placeIn(other.id)).toBeUndefined()
    await world.run(send_collab_message, { tripId, text: 'Hello' }, ben)
    expect(await undo(ana, [await last(ana)])).toMatchObject([{ refused: 'Only its author can undo it' }])
  })

  test('a person without administrator rights can undo the creation of their trip while nobody has used it', async () => {
    const created = (await world.run(create_trip, { title: 'Nara' }, ben)).trip
    const [line] = (await world.run(list_changes, {}, ben)).changes
    expect(line).toMatchObject({ operation: 'create_trip', rows: [{ entity: 'trip_member', action: 'added' }] })
    const { undone } = await world.run(undo_changes, { commits: [line?.commit as string] }, ben)
    expect(undone).toMatchObject([{ refused: null, left: [] }])
    await expect(world.run(list_places, { tripId: created.id }, ben)).rejects.toMatchObject({ code: 'not_found' })
  })

  test('a trip in which somebody has done something since then stays whole', async () => {
    const created = (await world.run(create_trip, { title: 'Uji' }, ben)).trip
    const [line] = (await world.run(list_changes, {}, ben)).changes
    await world.run(create_place, { tripId: created.id, name: 'Byodo-in' }, ben)
    const { undone } = await world.run(undo_changes, { commits: [line?.commit as string] }, ben)
    expect(undone).toMatchObject([
      { rows: [], left: expect.arrayContaining([expect.objectContaining({ entity: 'trip_member' })]) },
    ])
    expect((await world.run(list_places, { tripId: created.id }, ben)).places).toHaveLength(1)
  })

  test('a person who has transferred a trip cannot take it back by undo', async () => {
    const created = (await world.run(create_trip, { title: 'Kobe' }, ana)).trip
    const users = await database().kysely.selectFrom('users').select('username').where('id', '=', ben.userId).execute()
    await world.run(add_trip_member, { tripId: created.id, identifier: users[0]?.username }, ana)
    await world.run(transfer_trip_ownership, { tripId: created.id, memberId: ben.userId }, ana)
    const { changes } = await world.run(list_changes, { tripId: created.id, limit: 1 }, ana)
    const { undone } = await world.run(
      undo_changes,
      { tripId: created.id, commits: changes.map(({ commit }) => commit) },
      ana,
    )
    expect(undone).toMatchObject([{ refused: expect.stringContaining('access') }])
  })

  test('everything that an assistant did since a moment is undone at once, and what people did stays', async () => {
    const since = new Date().toISOString()
    const claude = { ...ana, way: 'mcp' as const, client: 'Claude' }
    const [one, two] = [await newPlace(claude, 'One'), await newPlace(claude, 'Two')]
    const own = await newPlace(ana, 'Own')
    const lines = await history(ana, { client: 'Claude', since })
    expect(lines).toHaveLength(2)
    await undo(
      ana,
      lines.map(({ commit }) => commit),
    )
    expect([await placeIn(one.id), await placeIn(two.id), (await placeIn(own.id))?.name]).toEqual([
      undefined,
      undefined,
      'Own',
    ])
  })

  test('an undo of an unknown change, or of no change, is refused with an explanation', async () => {
    const unknown = '11111111-1111-4111-8111-111111111111'
    await expect(undo(ana, [unknown])).rejects.toMatchObject({ code: 'not_found' })
    await expect(undo(ana, [])).rejects.toMatchObject({ code: 'invalid' })
    const [line] = await history(ana)
    await expect(undo(cleo, [line?.commit as string])).rejects.toMatchObject({ code: 'not_found' })
  })
})
