import { describe, expect, test } from 'vitest'
import type { Written } from '../../src/core/data/database.ts'
import { type Caller, INSTANCE } from '../../src/core/data/space.ts'
import { type AnyOperation, administration } from '../../src/core/declare/operation.ts'
import { setAddon } from '../../src/core/run/settings.ts'
import { set_user_password } from '../../src/features/admin/contract/index.ts'
import { budget, list_budget_items } from '../../src/features/budget/contract/index.ts'
import { create_place } from '../../src/features/places/contract/index.ts'
import {
  create_reservation,
  create_transport,
  list_reservations,
} from '../../src/features/reservations/contract/index.ts'
import { change_password } from '../../src/identity/contract/index.ts'
import { SCOPES } from '../../src/identity/contract/scopes.ts'
import type { Samples } from '../fixtures/samples/scene.ts'
import { inputOf, makeKeys, makeSamples, sampleFor } from '../fixtures/samples.ts'
import { eachDatabase } from '../harness/database/databases.ts'
import { undoing } from '../harness/database/undoing.ts'
import { declared, everyOperation, named } from '../harness/operations.ts'
import { makeUser, makeWorld } from '../harness/rigs/world.ts'

/**
 * Writing rows of a feature needs the permission and the scope that its own operations need, whichever operation writes them:
 * each writing operation is called by a member without each permission, and with a grant without each group of scopes.
 */
const writes = named(everyOperation.filter(({ space, operation }) => space && operation.effect !== 'read'))
/** Operations of users on their own rows. */
const ofOneself = named(
  everyOperation.filter(
    ({ space, operation }) => !space && operation.effect !== 'read' && operation.permission !== administration,
  ),
)
const ownerOf = (operation: AnyOperation) => everyOperation.find((bound) => bound.operation === operation)?.feature

/** The permissions and scopes that every writing operation of a feature needs in a trip. */
function neededBy(feature: string): { permissions: string[]; scopes: string[] } {
  const own = everyOperation.filter(
    (bound) => bound.feature === feature && bound.space && bound.operation.effect !== 'read',
  )
  const permissionsOfAll = own.map(({ operation: { permission, scope } }) => ({
    permissions: typeof permission === 'object' ? [permission.name] : [],
    scopes: [scope].flat().filter((one) => one !== null),
    open: typeof permission === 'function',
  }))
  const inEach = (of: (one: (typeof permissionsOfAll)[number]) => string[], chosen = permissionsOfAll) =>
    (chosen[0] ? of(chosen[0]) : []).filter((one) => chosen.every((other) => of(other).includes(one)))
  return {
    permissions: inEach(
      ({ permissions }) => permissions,
      permissionsOfAll.filter(({ open }) => !open),
    ),
    scopes: inEach(({ scopes }) => scopes),
  }
}

/** Rows of other features that operations write as a consequence, without a permission for them, except notifications. */
const FOLLOWS: Record<string, string> = {
  // Deleting a place, a day, a person or a trip deletes the rows that depend on it; bookings only lose the reference.
  bulk_delete_places: 'patch accommodation, remove assignment',
  delete_place: 'patch accommodation, remove assignment',
  delete_day: 'patch accommodation, patch reservation, remove assignment, remove day_note',
  remove_guest: 'patch budget_item',
  remove_trip_member: 'remove notification',
  delete_trip: [
    'remove accommodation, remove assignment, remove budget_item, remove collab_message, remove collab_note',
    'remove collab_poll, remove day, remove day_note, remove notification, remove packing_bag, remove packing_item',
    'remove place, remove place_tag, remove reservation, remove settlement, remove share_link, remove todo',
    'remove trip_file',
  ].join(', '),
  // The author of a copy owns it.
  copy_trip: [
    'insert accommodation, insert assignment, insert budget_item, insert collab_note, insert day, insert day_note',
    'insert packing_bag, insert packing_item, insert place, insert reservation, insert settlement, insert todo',
  ].join(', '),
  // The days of a trip follow its dates, and bookings follow the days.
  update_trip: 'patch accommodation, patch day, remove day',
  // It needs the permission for the moved entry; its neighbours may get a new order key.
  move_plan_entry: 'patch day_note',
  // A tag is a row of its owner, who needs no permission of a trip to take back what they did to it.
  undo_changes: 'remove tag',
}

eachDatabase((database) => {
  let cachedScene: Awaited<ReturnType<typeof makeScene>> | undefined
  const scene = async () => (cachedScene ??= await makeScene())

  async function makeScene() {
    const world = makeWorld(database())
    const [owner, member] = [await makeUser(database(), 'Owner'), await makeUser(database(), 'Member')]
    const created = await makeSamples(world, owner, member)
    const password = { userId: owner.userId, password: created.current_password as string }
    await world.run(set_user_password, password, { ...owner, admin: true, way: 'cli' })
    const samples: Samples = { ...created, ...(await makeKeys(world, owner, 'Key')) }
    const tripId = samples.tripId as number
    const { place } = await world.run(create_place, { tripId, name: 'Inn' }, owner)
    const { place: other } = await world.run(create_place, { tripId, name: 'Hostel' }, owner)
    const days = { start_day_id: samples.start_day_id, end_day_id: samples.end_day_id }
    const inn = { tripId, title: 'Inn', type: 'hotel', place_id: place.id, ...days, price: 20 } as const
    const { reservation: hotel } = await world.run(create_reservation, inn as never, owner)
    const train = { tripId, title: 'Train', type: 'train', price: 20 } as const
    const { reservation: transport } = await world.run(create_transport, train, owner)
    const { items } = await world.run(list_budget_items, { tripId }, owner)
    const rows = { hotel, transport, place, other, days, items, dayIds: samples.dayIds as number[] }
    const featureOf = (entity: string) => world.catalogue.entities.get(entity)?.feature as string
    return { run: world.run, owner, member, samples, rows, featureOf, call: undoing(world) }
  }

  type Rows = Awaited<ReturnType<typeof makeScene>>['rows']

  /** Inputs to try besides the smallest and the fullest one: those that make an operation write rows of other features. */
  function special({ name }: AnyOperation, { hotel, transport, place, other, days, items, dayIds }: Rows): object[] {
    const stay = hotel.accommodation_id
    const [third, second, first] = dayIds
    const inputs: Record<string, object[]> = {
      create_day: [{ notes: 'Bring a coat' }],
      create_reservation: [{ price: 5 }, { type: 'hotel', place_id: place.id, ...days }],
      update_reservation: [
        { price: 5 },
        { reservationId: hotel.id, title: 'The inn' },
        { reservationId: hotel.id, price: 30 },
        { reservationId: hotel.id, place_id: other.id },
        { reservationId: hotel.id, type: 'other' },
        { place_id: place.id, day_id: days.start_day_id, end_day_id: days.end_day_id },
      ],
      update_transport: [{ price: 5 }, { reservationId: transport.id, price: 30 }],
      create_transport: [{ price: 5 }],
      delete_reservation: [{ reservationId: hotel.id }, { reservationId: transport.id }],
      delete_transport: [{ reservationId: transport.id }],
      link_hotel_accommodation: [{ reservationId: hotel.id, place_id: other.id }],
      update_accommodation: [
        { accommodationId: stay, place_id: other.id },
        { accommodationId: stay, notes: 'Key' },
      ],
      delete_accommodation: [{ accommodationId: stay }],
      move_day: [{ dayId: third, before: second }],
      reorder_days: [{ dayIds: [first, third, second] }],
      reorder_budget_items: [{ orderedIds: items.map(({ id }) => id).reverse() }],
      delete_place: [{ placeId: place.id }],
      update_trip: [{ start_date: '2027-04-06', end_date: '2027-04-06', shrink: 'delete' }],
    }
    return inputs[name] ?? []
  }

  /** The valid inputs of an operation, each with its caller and the rows it writes. */
  async function triesOf(operation: AnyOperation) {
    const { samples, rows, member, owner, call } = await scene()
    const leastInput = inputOf(operation, samples)
    const fullInput = { ...fullestInput(operation, samples), ...leastInput }
    const inputs = [leastInput, fullInput, ...special(operation, rows).map((more) => ({ ...leastInput, ...more }))]
    const tries: { input: object; caller: Caller; written: readonly Written[] }[] = []
    for (const input of inputs) {
      for (const caller of [member, owner, { ...owner, admin: true }]) {
        const written = await call(operation, input, caller, everyRight()).catch(refused)
        if (!written) continue
        tries.push({ input, caller, written })
        break
      }
    }
    return tries
  }

  test.each(writes)('%s writes rows of other features only with their permission and scope', async (_, operation) => {
    const { call, owner, featureOf } = await scene()
    const tries = await triesOf(operation)
    expect(tries.length, `no input of ${operation.name} works`).toBeGreaterThan(0)
    const own = ownerOf(operation)
    const features = ({ written }: { written: readonly Written[] }) =>
      written
        .filter(({ entity, follows }) => follows === null && featureOf(entity) !== own)
        .map(({ entity }) => featureOf(entity))
        .filter((feature) => !(feature in operation.ownWrites))
    for (const { input, caller, written } of tries) {
      for (const feature of features({ written })) expect(Object.keys(operation.alsoWrites)).toContain(feature)
      for (const { name } of declared.permissions.values()) {
        const withLowerLevel = await call(operation, input, caller, { ...everyRight(), [name]: 'owner' }).catch(refusal)
        if (withLowerLevel instanceof Error) expectToTeach(withLowerLevel, operation, { permission: name })
        else if (caller.userId !== owner.userId)
          for (const feature of features({ written: withLowerLevel }))
            expect(neededBy(feature).permissions).not.toContain(name)
      }
      for (const group of GROUPS) {
        const scopes = new Set(EVERY_SCOPE.filter((scope) => !scope.startsWith(`${group}:`)))
        const withFewerScopes = await call(operation, input, { ...caller, scopes }, everyRight()).catch(refusal)
        if (withFewerScopes instanceof Error)
          expectToTeach(withFewerScopes, operation, { scope: expect.stringMatching(`^${group}:`) })
        else
          for (const feature of features({ written: withFewerScopes }))
            for (const scope of neededBy(feature).scopes) expect(scopes).toContain(scope)
      }
    }
  })

  test.each(ofOneself)('%s writes rows of other features only for a stated reason', async (_, operation) => {
    const { call, owner, samples, featureOf } = await scene()
    const input = inputOf(operation, samples)
    const written = (await call(operation, input, { ...owner, way: 'web' }, everyRight()).catch(refused)) ?? []
    if (operation === change_password) expect(written.map(({ entity }) => entity)).toContain('oauth_grant')
    for (const { entity, follows } of written) {
      const feature = featureOf(entity)
      if (follows === null && feature !== ownerOf(operation))
        expect(Object.keys(operation.ownWrites)).toContain(feature)
    }
  })

  test('no operation adds rows to an add-on that is switched off', async () => {
    const { run, owner, samples } = await scene()
    const { tripId } = samples
    const turn = async (on: boolean) => {
      await database().write(INSTANCE, (tx) => setAddon(tx, budget, on))
      await database().notifier.publish('instance:0')
    }
    const titles = async () => (await run(list_reservations, { tripId }, owner)).reservations.map(({ title }) => title)
    const book = (title: string, more: object) =>
      run(create_reservation, { tripId, type: 'event', title, ...more }, owner)
    await turn(false)
    await expect(book('Concert', { price: 55 })).rejects.toMatchObject({
      code: 'addon_off',
      hint: expect.stringContaining('Nothing was changed.'),
    })
    await book('Concert without a price', {})
    await turn(true)
    expect(await titles()).toContain('Concert without a price')
    expect(await titles()).not.toContain('Concert')
    const { items } = await run(list_budget_items, { tripId }, owner)
    expect(items.map(({ name }) => name)).not.toContain('Concert')
  })

  test('operations write without a permission only the consequences listed here', async () => {
    const { featureOf } = await scene()
    const featuresFound: Record<string, string> = {}
    for (const [name, operation] of writes) {
      const own = ownerOf(operation)
      const lines = new Set<string>()
      for (const { written } of await triesOf(operation)) {
        for (const { action, entity, follows } of written)
          if (follows !== null && featureOf(entity) !== own) lines.add(`${action} ${entity}`)
      }
      lines.delete('insert notification')
      lines.delete('patch notification')
      if (lines.size) featuresFound[name] = [...lines].sort().join(', ')
    }
    expect(featuresFound).toEqual(FOLLOWS)
  })
})

const EVERY_SCOPE = SCOPES.map(({ scope }) => scope as string)
const GROUPS = [...new Set(EVERY_SCOPE.map((scope) => scope.split(':')[0] as string))]

/** Grants members every permission that they can have. */
const everyRight = () =>
  Object.fromEntries([...declared.permissions.values()].map(({ name, levels }) => [name, levels.at(-1) as string]))

/** All arguments for which there is a sample. */
function fullestInput(operation: AnyOperation, samples: Samples): Record<string, unknown> {
  const keys = Object.keys(operation.input.shape)
  const values = keys.map((key) => [key, sampleFor(operation, key, samples)] as const)
  return Object.fromEntries(values.filter(([, value]) => value !== undefined))
}

/** Turns a refusal into null: an input may be invalid, or the caller may not do this at all. */
function refused(error: { code?: string }): null {
  if (!error.code) throw error
  return null
}

function refusal(error: Error & { code?: string }): Error {
  expect(error).toMatchObject({ code: 'forbidden' })
  return error
}

/** A refusal names the missing right; a refusal for part of a call also says what works without it. */
function expectToTeach(error: Error, operation: AnyOperation, details: object): void {
  const { details: detailsShown, hint, message } = error as Error & { details?: object; hint?: string }
  expect(detailsShown).toMatchObject(details)
  if (!/a part of this/i.test(message)) return
  const ways = Object.values(operation.alsoWrites)
  expect(ways.some((way) => hint?.startsWith(`${way} To do all of it, `))).toBe(true)
}

describe('the permissions and scopes of features', () => {
  test.each([
    ['budget', ['budget_edit'], ['budget:write']],
    ['reservations', ['reservation_edit'], ['reservations:write']],
    ['accommodations', ['day_edit'], ['trips:write']],
    ['places', ['place_edit'], ['places:write']],
    ['packing', ['packing_edit'], ['packing:write']],
    ['collab', ['collab_edit'], ['collab:write']],
  ])('%s', (feature, permissions, scopes) => {
    expect(neededBy(feature)).toEqual({ permissions, scopes })
  })
})
