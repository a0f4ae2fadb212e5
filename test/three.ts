import type { Caller } from '../src/core/data/space.ts'
import type { OpenDatabase } from '../src/db/connect.ts'
import { add_trip_member, create_trip } from '../src/features/trips/contract/index.ts'
import { makeUser, makeWorld } from './world.ts'

/** A trip of three people, which Ana owns, with what each of them learns of it. */
export async function tripOfThree(database: OpenDatabase) {
  const world = makeWorld(database)
  const [ana, ben, cleo] = [
    await makeUser(database, 'Ana'),
    await makeUser(database, 'Ben'),
    await makeUser(database, 'Cleo'),
  ]
  const dates = { start_date: '2027-04-05', end_date: '2027-04-07' }
  const { trip } = await world.run(create_trip, { title: 'Kyoto', ...dates }, ana)
  const tripId = trip.id
  for (const { userId } of [ben, cleo]) {
    const { username } = await database.kysely
      .selectFrom('users')
      .select('username')
      .where('id', '=', userId)
      .executeTakeFirstOrThrow()
    await world.run(add_trip_member, { tripId, identifier: username }, ana)
  }
  const look = (who: Caller) => world.watch({ space: 'trip', id: tripId }, who)
  const eyes = { ana: await look(ana), ben: await look(ben), cleo: await look(cleo) }
  return { ...world, ana, ben, cleo, tripId, eyes }
}
