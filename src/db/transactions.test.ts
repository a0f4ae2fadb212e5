import { expect, test } from 'vitest'
import { eachDatabase } from '../../test/harness/database/databases.ts'
import { makeUser, makeWorld } from '../../test/harness/rigs/world.ts'
import { create_trip, Trip, update_trip } from '../features/trips/contract/index.ts'
import { Credential, User } from '../identity/contract/index.ts'

eachDatabase((database) => {
  test('in one read, equal queries have equal results, and the caller can change a result freely', async () => {
    const { run } = makeWorld(database())
    const ana = await makeUser(database(), 'Ana')
    const { trip } = await run(create_trip, { title: 'Kyoto' }, ana)
    const filter = { user_id: ana.userId }
    await database().read(async (tx) => {
      const first = await tx.list(Trip, filter)
      first.length = 0
      expect(await tx.list(Trip, filter)).toMatchObject([{ title: 'Kyoto' }])
      expect(await tx.list(Trip, { ...filter, title: 'Nara' })).toEqual([])
    })
    // Another read sees a later state.
    await run(update_trip, { tripId: trip.id, title: 'Nara' }, ana)
    expect(await database().read((tx) => tx.list(Trip, filter))).toMatchObject([{ title: 'Nara' }])
  })

  test('a write sees its own changes at once', async () => {
    const ana = await makeUser(database(), 'Ana')
    await database().write({ space: 'user', id: ana.userId }, async (tx) => {
      const filter = { user_id: ana.userId }
      expect(await tx.list(Trip, filter)).toEqual([])
      const at = new Date().toISOString()
      const trip = await tx.insert(Trip, { user_id: ana.userId, title: 'Kyoto', created_at: at })
      expect(await tx.list(Trip, filter)).toEqual([trip])
      await tx.remove(Trip, trip)
      expect(await tx.list(Trip, filter)).toEqual([])
    })
  })

  test('an omitted secret gets the default of its column, and is in no row', async () => {
    const at = new Date().toISOString()
    const moments = { created_at: at, updated_at: at }
    const { user, credential } = await database().write({ space: 'instance', id: 0 }, async (tx) => {
      const account = { username: 'secretive', name: 'Bo', email: 'secretive@example.org', role: 'user' } as const
      const user = await tx.insert(User, { ...account, banned: false, is_guest: false, ...moments })
      const proof = { user_id: user.id, provider_id: 'credential', account_id: String(user.id), password: 'hash' }
      return { user, credential: await tx.insert(Credential, { ...proof, ...moments }) }
    })
    expect(user).not.toHaveProperty('email_verified')
    expect(Object.keys(credential).sort()).toEqual(Object.keys(Credential.row.shape).sort())
    const { kysely } = database()
    const stored = (table: 'users' | 'credentials', id: number) =>
      kysely.selectFrom(table).selectAll().where('id', '=', id).executeTakeFirst()
    expect(await stored('users', user.id)).toMatchObject({ email_verified: 0, image: null })
    expect(await stored('credentials', credential.id)).toMatchObject({ password: 'hash', access_token: null })
  })
})
