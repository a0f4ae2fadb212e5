import type { Kysely } from 'kysely'
import type { z } from 'zod'
import type { Caller } from '../src/core/data/space.ts'
import type { AnyOperation } from '../src/core/declare/operation.ts'
import { assign_place_to_day } from '../src/features/assignments/contract/index.ts'
import { mark_country_visited } from '../src/features/atlas/contract/index.ts'
import { create_place, create_tag, list_categories } from '../src/features/places/contract/index.ts'
import { list_days } from '../src/features/summary/contract/index.ts'
import { add_trip_member, create_trip } from '../src/features/trips/contract/index.ts'
import { create_static_token } from '../src/identity/contract/index.ts'
import { create_oauth_client, list_oauth_grants } from '../src/identity/contract/oauth.ts'
import { bookingSamples } from './samples/bookings.ts'
import { budgetSamples } from './samples/budget.ts'
import { collabSamples } from './samples/collab.ts'
import { dayNoteSamples } from './samples/day-notes.ts'
import { filesSamples } from './samples/files.ts'
import { guestSamples } from './samples/guests.ts'
import { mapSamples } from './samples/maps.ts'
import { notificationsSamples } from './samples/notifications.ts'
import { packingSamples } from './samples/packing.ts'
import type { Samples, SampleTrip } from './samples/scene.ts'
import { sharingSamples } from './samples/sharing.ts'
import { todosSamples } from './samples/todos.ts'
import { makeUser, type World } from './world.ts'

const PARTS: readonly ((trip: SampleTrip) => Promise<Samples>)[] = [
  bookingSamples,
  guestSamples,
  filesSamples,
  packingSamples,
  budgetSamples,
  todosSamples,
  dayNoteSamples,
  collabSamples,
  sharingSamples,
  notificationsSamples,
  mapSamples,
]

let countries = 0

/** A trip of two people with something of everything in it, and the values that name it. */
export async function makeSamples(world: World, owner: Caller, other?: Caller): Promise<Samples> {
  const { run, database } = world
  const friend = other ?? (await makeUser(database, 'Friend'))
  const newcomer = await makeUser(database, 'Newcomer')
  const username = async ({ userId }: Caller) =>
    (await database.kysely.selectFrom('users').select('username').where('id', '=', userId).executeTakeFirstOrThrow())
      .username
  const dates = { start_date: '2027-04-05', end_date: '2027-04-07' }
  const { trip } = await run(create_trip, { title: 'Kyoto', ...dates }, owner)
  const tripId = trip.id
  await run(add_trip_member, { tripId, identifier: await username(friend) }, owner)
  const days = (await run(list_days, { tripId }, owner)).days
  const mark = `Must see ${tripId}`
  const { tag } = await run(create_tag, { name: mark }, owner)
  const { place } = await run(
    create_place,
    { tripId, name: 'Kinkaku-ji', lat: 35.0394, lng: 135.7292, tag_ids: [tag.id] },
    owner,
  )
  const [dayId, newDayId] = [days[0]?.id, days[1]?.id]
  const stops = []
  for (let count = 0; count < 2; count++) {
    stops.push((await run(assign_place_to_day, { tripId, dayId, placeId: place.id }, owner)).assignment)
  }
  const country_code = ['JP', 'CH', 'FR', 'IT', 'DE', 'AT', 'ES', 'PT'][countries++ % 8] as string
  await run(mark_country_visited, { country_code }, owner)
  const { categories } = await run(list_categories, {}, owner)
  const scene = {
    run,
    files: world.outside.files,
    owner,
    friend,
    tripId,
    dayIds: days.map((day) => day.id),
    placeId: place.id,
    mark,
  }
  const more: Samples = {}
  for (const part of PARTS) Object.assign(more, await part(scene))
  return {
    tripId,
    dayId,
    newDayId,
    oldDayId: dayId,
    dayIds: days.map((day) => day.id).reverse(),
    placeId: place.id,
    placeIds: [place.id],
    duration_minutes: 90,
    assignmentId: stops[0]?.id,
    assignmentIds: stops.map((stop) => stop.id).reverse(),
    memberId: friend.userId,
    userIds: [friend.userId],
    identifier: await username(newcomer),
    tagId: tag.id,
    categoryId: categories[0]?.id,
    country_code,
    title: 'A new title',
    name: `A new name ${tripId}`,
    checked: true,
    mark,
    userId: owner.userId,
    username: `someone${tripId}`,
    email: `someone${tripId}@example.org`,
    password: 'walnut-lantern-42',
    current_password: 'walnut-lantern-41',
    new_password: 'walnut-lantern-43',
    enabled: false,
    level: 'admin',
    ...more,
  }
}

/** A web session, a token, a client and a grant of the owner's, as samples. */
export async function makeKeys({ run, database }: World, owner: Caller, name: string): Promise<Samples> {
  const { static_token } = await run(create_static_token, { name }, { ...owner, way: 'cli' })
  const at = new Date().toISOString()
  const session = await (database.kysely as unknown as Kysely<Record<string, Record<string, unknown>>>)
    .insertInto('web_sessions')
    .values({
      user_id: owner.userId,
      token: name,
      expires_at: '2099-01-01T00:00:00.000Z',
      created_at: at,
      updated_at: at,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const asked = { name, scopes: ['trips:read'], redirect_uris: ['https://app.example.org/callback'], machine: true }
  const { client } = await run(create_oauth_client, asked, { ...owner, way: 'cli' })
  const { grants } = await run(list_oauth_grants, {}, owner)
  return {
    tokenId: static_token.id,
    sessionId: session.id as number,
    clientId: client.id,
    client_id: client.client_id,
    grantId: grants[0]?.id,
    scopes: ['trips:read'],
  }
}

/** The sample for an input field: that of the part of the trip that the route names, or the one for all. */
export function sampleFor({ path }: AnyOperation, key: string, samples: Samples): unknown {
  const parts = path.split('/').filter((part) => part && !part.startsWith(':'))
  const own = parts.map((part) => `${part}.${key}`).find((name) => name in samples)
  return samples[own ?? key]
}

/** The smallest input an operation takes, made of samples. */
export function inputOf(operation: AnyOperation, samples: Samples): Record<string, unknown> {
  const input: Record<string, unknown> = {}
  for (const [key, field] of Object.entries(operation.input.shape)) {
    if ((field as z.ZodType).safeParse(undefined).success) continue
    const sample = sampleFor(operation, key, samples)
    if (sample === undefined) throw new Error(`${operation.name} needs ${key}: add a sample for it to test/samples`)
    input[key] = sample
  }
  const { tripId: _, ...optional } = Object.fromEntries(
    Object.entries(operation.input.shape).filter(([key]) => !(key in input)),
  )
  // A change that changes nothing would prove nothing: an update takes one optional field too.
  if (operation.effect === 'update' && Object.keys(input).every((key) => /Ids?$/.test(key))) {
    const extra = Object.keys(optional).find((key) => sampleFor(operation, key, samples) !== undefined)
    if (extra) input[extra] = sampleFor(operation, extra, samples)
  }
  return input
}

/** Whether this looks like a reference to a row: what a stranger could try to get at. */
export const isReference = (key: string): boolean => /(Id|_id)s?$|^country_code$/.test(key)
