import { expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/harness/database/databases.ts'
import { APP_URL, services } from '../../../../test/harness/network/outside-address.ts'
import { eachInstance, HOST } from '../../../../test/harness/rigs/accounts.ts'
import { makeUser, makeWorld } from '../../../../test/harness/rigs/world.ts'
import { type Caller, NOBODY } from '../../../core/data/space.ts'
import { Catalogue } from '../../../core/run/catalogue.ts'
import { Pipeline } from '../../../core/run/pipeline.ts'
import { create_accommodation } from '../../accommodations/contract/index.ts'
import { delete_user, update_addon, update_permission } from '../../admin/contract/index.ts'
import { assign_place_to_day } from '../../assignments/contract/index.ts'
import { create_budget_item } from '../../budget/contract/index.ts'
import { create_collab_note, send_collab_message } from '../../collab/contract/index.ts'
import { create_day_note } from '../../day-notes/contract/index.ts'
import { update_day } from '../../days/contract/index.ts'
import { features } from '../../index.ts'
import { create_packing_item } from '../../packing/contract/index.ts'
import { create_category, create_place } from '../../places/contract/index.ts'
import { create_reservation } from '../../reservations/contract/index.ts'
import { list_days } from '../../summary/contract/index.ts'
import { add_guest, add_trip_member, create_trip, delete_trip } from '../../trips/contract/index.ts'
import * as sharing from '../contract/index.ts'

const DAY = 86_400_000

eachDatabase((database) => {
  async function scene() {
    const world = makeWorld(database())
    const { run } = world
    const [ana, ben] = [await makeUser(database(), 'Ana Maria Marin'), await makeUser(database(), 'Ben')]
    const root = await makeUser(database(), 'Root', { admin: true, way: 'cli' })
    const { trip } = await run(
      create_trip,
      { title: 'Kyoto', description: 'In spring', start_date: '2027-04-05', end_date: '2027-04-06' },
      ana,
    )
    const tripId = trip.id
    const { username } = await database()
      .kysely.selectFrom('users')
      .select('username')
      .where('id', '=', ben.userId)
      .executeTakeFirstOrThrow()
    await run(add_trip_member, { tripId, identifier: username }, ana)
    const share = (more: object = {}, caller: Caller = ana) =>
      run(sharing.create_share_link, { tripId, ...more }, caller)
    const readShared = (token: string) => run(sharing.get_shared_trip, { token }, NOBODY)
    const linkFor = async (caller: Caller = ana) => (await run(sharing.get_share_link, { tripId }, caller)).link
    /** The same server at another time, or with another secret. */
    const other = ({ days = 0, secret }: { days?: number; secret?: string }) =>
      new Pipeline({
        ...world.pipeline.parts,
        clock: () => new Date(Date.now() + days * DAY),
        catalogue: secret
          ? new Catalogue(features({ ...services, secretFor: () => secret }))
          : world.pipeline.parts.catalogue,
      })
    return { ...world, ana, ben, root, tripId, share, readShared, linkFor, other }
  }

  const shownSections = {
    share_map: true,
    share_bookings: true,
    share_packing: false,
    share_budget: false,
    share_collab: false,
  }

  test('options omitted in a later call stay unchanged', async () => {
    const { share } = await scene()
    const sectionsOf = ({ link }: Awaited<ReturnType<typeof share>>) => {
      const { share_map, share_bookings, share_packing, share_budget, share_collab } = link
      return [share_map, share_bookings, share_packing, share_budget, share_collab]
    }
    expect(sectionsOf(await share())).toEqual([true, true, false, false, false])
    expect(sectionsOf(await share({ share_packing: true, share_bookings: false }))).toEqual([
      true,
      false,
      true,
      false,
      false,
    ])
    expect(sectionsOf(await share())).toEqual([true, false, true, false, false])
  })

  test('by default a link shows the plan and bookings for ninety days, and its address does not change', async () => {
    const { ana, ben, tripId, share, linkFor, watch } = await scene()
    const watcher = await watch({ space: 'trip', id: tripId }, ben)
    expect(await linkFor()).toBeNull()
    const { token, created, link } = await share()
    expect(token).toMatch(/^[\w-]{43}$/)
    expect(created).toBe(true)
    expect(link).toMatchObject({ ...shownSections, token, expired: false, created_by: ana.userId })
    expect(Date.parse(link.expires_at) - Date.parse(link.created_at)).toBe(90 * DAY)
    expect(await linkFor(ben)).toEqual(link)
    const sharedAgain = await share({ share_packing: true, share_map: false })
    const url = `${APP_URL}/shared/${token}`
    expect(link).toMatchObject({ url, note: null })
    expect(sharedAgain).toEqual({
      token,
      url,
      note: null,
      created: false,
      link: { ...link, share_packing: true, share_map: false },
    })
    const { link: longer } = await share({ expires_in_days: 365 })
    expect(longer).toMatchObject({
      ...shownSections,
      share_map: false,
      share_packing: true,
      created_at: link.created_at,
    })
    expect(Date.parse(longer.expires_at)).toBeGreaterThan(Date.now() + 364 * DAY)
    expect(watcher.lines).toEqual(['insert share_link', 'patch share_link', 'patch share_link'])
    expect(JSON.stringify(watcher.rows)).not.toMatch(/nonce|token/)
    for (const expires_in_days of [0, 366, 1.5]) {
      await expect(share({ expires_in_days })).rejects.toMatchObject({ code: 'invalid' })
    }
  })

  test('changing a link that was deleted meanwhile does not create another one', async () => {
    const { share, run, tripId, ana } = await scene()
    const { link } = await share()
    expect((await share({ linkId: link.id, share_packing: true })).link.share_packing).toBe(true)
    await run(sharing.delete_share_link, { tripId }, ana)
    await expect(share({ linkId: link.id, share_map: true })).rejects.toMatchObject({ code: 'not_found' })
    expect((await run(sharing.get_share_link, { tripId }, ana)).link).toBeNull()
    expect((await share()).created).toBe(true)
  })

  test('if the server does not know its address, the answer says how to complete the link', async () => {
    const { run, ana, tripId, pipeline } = await scene()
    const catalogue = new Catalogue(features({ ...services, addressOf: () => null }))
    const pipelineWithoutAddress = new Pipeline({ ...pipeline.parts, catalogue })
    const { url, note } = await pipelineWithoutAddress.run(sharing.create_share_link, { tripId }, ana)
    expect(url).toBeNull()
    expect(note).toMatch(/APP_URL.* followed by \/shared\/ and the token\.$/)
    const { link } = await run(sharing.get_share_link, { tripId }, ana)
    expect(link?.url).toBe(`${APP_URL}/shared/${link?.token}`)
  })

  test('the token is not stored in the database', async () => {
    const { share, database: db } = await scene()
    const { token } = await share()
    const kysely = db.kysely as unknown as {
      selectFrom(table: string): { selectAll(): { execute(): Promise<unknown[]> } }
    }
    for (const table of ['share_links', 'changes']) {
      const rows = await kysely.selectFrom(table).selectAll().execute()
      expect(rows.length).toBeGreaterThan(0)
      expect(JSON.stringify(rows)).not.toContain(token)
    }
  })

  test('a visitor with the link sees what it shows, and no personal data', async () => {
    const { run, ana, ben, tripId, share, readShared } = await scene()
    await run(add_guest, { tripId, name: 'Gina' }, ana)
    const { place } = await run(
      create_place,
      { tripId, name: 'Kinkaku-ji', lat: 35.04, lng: 135.73, notes: 'The key is under the mat', price: 5 },
      ana,
    )
    const { days } = await run(list_days, { tripId }, ana)
    const dayId = days[0]?.id
    await run(update_day, { tripId, dayId, title: 'Temples' }, ana)
    await run(create_day_note, { tripId, dayId, text: 'Buy water' }, ana)
    await run(assign_place_to_day, { tripId, dayId, placeId: place.id, place_time: '09:00', notes: 'Early' }, ana)
    await run(create_packing_item, { tripId, name: 'Tent' }, ana)
    await run(create_packing_item, { tripId, name: 'Diary', visibility: 'personal' }, ana)
    await run(create_packing_item, { tripId, name: 'Ring', visibility: 'shared', shared_with: [ben.userId] }, ana)
    const { token } = await share({ share_packing: true, share_budget: true, share_collab: true })
    const shared = await readShared(token)
    expect(shared).toMatchObject({
      trip: { title: 'Kyoto', description: 'In spring', start_date: '2027-04-05', cover_image: null, currency: 'EUR' },
      travellers: ['AM', 'B', 'G'],
      days: [{ id: dayId, day_number: 1, date: '2027-04-05', title: 'Temples' }, { day_number: 2 }],
      stops: [{ day_id: dayId, place_id: place.id, place_time: '09:00', notes: 'Early' }],
      places: [{ id: place.id, name: 'Kinkaku-ji', lat: 35.04, lng: 135.73 }],
      day_notes: [{ text: 'Buy water' }],
      packing: [{ name: 'Tent', category: 'General', quantity: 1, checked: false }],
    })
    const sharedText = JSON.stringify(shared)
    for (const hidden of ['mat', 'price', 'Diary', 'Ring', 'Maria', 'Gina', 'Ben', 'owner', 'user_id', '@', 'guest-']) {
      expect(sharedText).not.toContain(hidden)
    }
  })

  test('a link shows only the categories of the shown places', async () => {
    const { run, ana, root, tripId, share, readShared } = await scene()
    const { category } = await run(create_category, { name: 'Temples', color: '#aa3322', icon: '⛩️' }, root)
    await run(create_category, { name: 'Private flat of X', color: '#aa3322', icon: '🏠' }, root)
    await run(create_place, { tripId, name: 'Kinkaku-ji', category_id: category.id }, ana)
    expect((await readShared((await share()).token)).categories).toMatchObject([{ id: category.id, name: 'Temples' }])
  })

  test('bookings are shown without confirmation numbers and notes, costs without names and debts, notes without chat', async () => {
    const { run, ana, ben, tripId, share, readShared } = await scene()
    const { place } = await run(create_place, { tripId, name: 'Ryokan', lat: 35, lng: 135 }, ana)
    const { days } = await run(list_days, { tripId }, ana)
    const [start_day_id, end_day_id] = days.map(({ id }) => id)
    const stay = { place_id: place.id, start_day_id, end_day_id, check_in: '15:00', confirmation: 'HIDDEN-1' }
    await run(create_accommodation, { tripId, ...stay, notes: 'HIDDEN-2' }, ana)
    const booking = { type: 'restaurant', reservation_time: '2027-04-05T19:00', confirmation_number: 'HIDDEN-3' }
    const book = (title: string, more: object = {}) =>
      run(
        create_reservation,
        { tripId, ...booking, title, notes: 'HIDDEN-4', url: 'https://hidden.example', ...more },
        ana,
      )
    await book('Dinner')
    await book('Called off', { status: 'cancelled' })
    const cost = { category: 'food', total_price: 30, member_ids: [ana.userId, ben.userId] }
    await run(
      create_budget_item,
      { tripId, name: 'HIDDEN-5', ...cost, payers: [{ user_id: ana.userId, amount: 30 }] },
      ana,
    )
    await run(create_budget_item, { tripId, name: 'HIDDEN-6', ...cost, total_price: 12.5 }, ana)
    await run(create_collab_note, { tripId, title: 'Etiquette', content: 'Shoes off' }, ana)
    await run(send_collab_message, { tripId, text: 'HIDDEN-7' }, ana)
    const { token } = await share({ share_budget: true, share_collab: true })
    const shared = await readShared(token)
    expect(shared.stays).toMatchObject([{ start_day_id, end_day_id, check_in: '15:00', place: { name: 'Ryokan' } }])
    expect(shared.bookings?.map(({ title }) => title)).toEqual(expect.arrayContaining(['Dinner', 'Ryokan']))
    expect(shared.budget).toEqual({
      currency: 'EUR',
      total: 42.5,
      unconverted: [],
      categories: [{ category: 'food', total: 42.5, totals: [{ currency: 'EUR', amount: 42.5 }] }],
    })
    expect(shared.notes).toMatchObject([{ title: 'Etiquette', content: 'Shoes off' }])
    const sharedText = JSON.stringify(shared)
    for (const hidden of [
      'HIDDEN',
      'hidden.example',
      'Called off',
      'confirmation',
      'payers',
      'members',
      'user_id',
      'author',
    ]) {
      expect(sharedText).not.toContain(hidden)
    }
  })

  test('each section is shown only if the link includes it and its add-on is on', async () => {
    const { run, ana, root, tripId, share, readShared } = await scene()
    await run(create_packing_item, { tripId, name: 'Tent' }, ana)
    const { token } = await share({ share_bookings: false })
    const parts = [
      'days',
      'stops',
      'day_notes',
      'places',
      'categories',
      'bookings',
      'stays',
      'packing',
      'budget',
      'notes',
    ]
    const open = async () => {
      const shared = await readShared(token)
      return parts.filter((part) => shared[part as keyof typeof shared] !== null)
    }
    expect(await open()).toEqual(['days', 'stops', 'day_notes', 'places', 'categories'])
    await share({ share_map: false, share_bookings: false, share_packing: true })
    expect(await open()).toEqual(['packing'])
    await run(update_addon, { name: 'packing', enabled: false }, root)
    expect(await open()).toEqual([])
    await run(update_addon, { name: 'packing', enabled: true }, root)
    expect(await open()).toEqual(['packing'])
  })

  test('deleted, expired and invented links show nothing, and cannot be told apart', async () => {
    const { run, ana, tripId, share, readShared, linkFor, other } = await scene()
    const refusal = async (token: string, pipeline?: Pipeline) => {
      const answered = pipeline ? pipeline.run(sharing.get_shared_trip, { token }, NOBODY) : readShared(token)
      const { code, message, hint } = await answered.then(
        () => ({ code: 'shown', message: '', hint: '' }),
        (error) => error,
      )
      return { code, message, hint }
    }
    const refusalOfUnknown = await refusal('A'.repeat(43))
    expect(refusalOfUnknown.code).toBe('not_found')
    expect(await refusal('short')).toEqual(refusalOfUnknown)
    const { token } = await share({ expires_in_days: 10 })
    const [before, after] = [other({ days: 9 }), other({ days: 11 })]
    expect(await refusal(token, before)).toMatchObject({ code: 'shown' })
    expect(await refusal(token, after)).toEqual(refusalOfUnknown)
    expect((await after.run(sharing.get_share_link, { tripId }, ana)).link).toMatchObject({ token, expired: true })
    const renewed = await after.run(sharing.create_share_link, { tripId }, ana)
    expect(renewed).toMatchObject({ created: true, link: { expired: false } })
    expect(renewed.token).not.toBe(token)
    expect(await refusal(token)).toEqual(refusalOfUnknown)
    expect(await refusal(renewed.token)).toMatchObject({ code: 'shown' })
    await run(sharing.delete_share_link, { tripId }, ana)
    expect(await refusal(renewed.token)).toEqual(refusalOfUnknown)
    expect(await linkFor()).toBeNull()
    await expect(run(sharing.delete_share_link, { tripId }, ana)).rejects.toMatchObject({ code: 'not_found' })
    expect((await share()).token).not.toBe(renewed.token)
  })

  test('after a change of the instance secret no link works any more, and a new one can be created', async () => {
    const { ana, tripId, share, other } = await scene()
    const { token } = await share()
    const movedPipeline = other({ secret: 'another' })
    await expect(movedPipeline.run(sharing.get_shared_trip, { token }, NOBODY)).rejects.toMatchObject({
      code: 'not_found',
    })
    expect((await movedPipeline.run(sharing.get_share_link, { tripId }, ana)).link).toBeNull()
    const created = await movedPipeline.run(sharing.create_share_link, { tripId }, ana)
    expect(created.created).toBe(true)
    expect((await movedPipeline.run(sharing.get_shared_trip, { token: created.token }, NOBODY)).trip.title).toBe(
      'Kyoto',
    )
  })

  test('only callers who may read what a link shows can create or get it', async () => {
    const { run, ana, tripId, share, readShared, linkFor } = await scene()
    await run(create_packing_item, { tripId, name: 'Umbrella' }, ana)
    const granted = (...scopes: string[]) => ({ ...ana, scopes: new Set(['trips:share', ...scopes]) })
    const refused = {
      code: 'forbidden',
      message:
        'The link shows more than you can read: share_map needs places:read, share_bookings needs reservations:read',
      hint: expect.stringContaining('create_share_link with share_map false, share_bookings false'),
      details: { scope: 'places:read', scopes: ['places:read', 'reservations:read'] },
    }
    await expect(share({}, granted())).rejects.toMatchObject(refused)
    expect(await linkFor()).toBeNull()
    const closed = { share_map: false, share_bookings: false }
    const { token } = await share(closed, granted())
    expect(await readShared(token)).toMatchObject({ places: null, bookings: null, packing: null })
    // A grant may share only what it may read.
    const packer = granted('packing:read')
    expect((await share({ share_packing: true }, packer)).link).toMatchObject({ ...closed, share_packing: true })
    await expect(share({ share_budget: true }, packer)).rejects.toMatchObject({ details: { scope: 'budget:read' } })
    expect((await linkFor(packer))?.token).toBe(token)
    expect((await readShared(token)).budget).toBeNull()
    // The address of a link gives access to everything that the link shows.
    await expect(linkFor(granted())).rejects.toMatchObject({ details: { scope: 'packing:read' } })
    await expect(share({ expires_in_days: 5 }, granted())).rejects.toMatchObject({ details: { scope: 'packing:read' } })
    await run(sharing.delete_share_link, { tripId }, granted())
    expect(await linkFor()).toBeNull()
  })

  test('every member sees the link; a permission set by administrators decides who creates and deletes it', async () => {
    const { run, ben, root, tripId, share, linkFor } = await scene()
    const { link } = await share()
    expect(await linkFor(ben)).toEqual(link)
    const refused = { code: 'forbidden', details: { permission: 'share_manage' } }
    await expect(share({}, ben)).rejects.toMatchObject(refused)
    await expect(run(sharing.delete_share_link, { tripId }, ben)).rejects.toMatchObject(refused)
    const stranger = await makeUser(database(), 'Sam')
    await expect(linkFor(stranger)).rejects.toMatchObject({ code: 'not_found' })
    await expect(linkFor(root)).rejects.toMatchObject({ code: 'not_found' })
    const reader = { ...ben, scopes: new Set(['trips:read']) }
    await expect(linkFor(reader)).rejects.toMatchObject({ code: 'forbidden', details: { scope: 'trips:share' } })
    await run(update_permission, { name: 'share_manage', level: 'member' }, root)
    expect((await share({ share_budget: true }, ben)).link.share_budget).toBe(true)
    await run(update_permission, { name: 'share_manage', level: 'owner' }, root)
  })

  test('the link is deleted with its trip, and stays when its author is deleted', async () => {
    const { run, ana, ben, root, tripId, share, readShared, linkFor } = await scene()
    await run(update_permission, { name: 'share_manage', level: 'member' }, root)
    const { token } = await share({}, ben)
    await run(update_permission, { name: 'share_manage', level: 'owner' }, root)
    await run(delete_user, { userId: ben.userId }, root)
    expect((await readShared(token)).travellers).toEqual(['AM'])
    expect(await linkFor()).toMatchObject({ created_by: null })
    await run(delete_trip, { tripId }, ana)
    await expect(readShared(token)).rejects.toMatchObject({ code: 'not_found' })
  })

  test('callers without a log-in can call only open operations', async () => {
    const { run, tripId } = await scene()
    await expect(run(sharing.get_share_link, { tripId }, NOBODY)).rejects.toMatchObject({ code: 'unauthenticated' })
  })
})

eachInstance(({ withServer }) => {
  test('over HTTP a link needs no log-in, and its answer is never cached', () =>
    withServer(async ({ app, pipeline, database }) => {
      const ana = await makeUser(database, 'Ana')
      const { trip } = await pipeline.run(create_trip, { title: 'Kyoto' }, ana)
      const { token } = await pipeline.run(sharing.create_share_link, { tripId: trip.id }, ana)
      const answered = await app.inject({ url: `/api/shared/${token}`, headers: HOST })
      expect(answered.statusCode).toBe(200)
      expect(answered.headers['cache-control']).toBe('no-store')
      expect(answered.json()).toMatchObject({ trip: { title: 'Kyoto' }, travellers: ['A'] })
      const unknown = await app.inject({ url: `/api/shared/${'A'.repeat(43)}`, headers: HOST })
      expect(unknown.statusCode).toBe(404)
      expect(unknown.headers['cache-control']).toBe('no-store')
    }))
})
