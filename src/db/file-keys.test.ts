import { expect, test } from 'vitest'
import { eachDatabase } from '../../test/harness/database/databases.ts'
import { makeUser } from '../../test/harness/rigs/world.ts'
import { fileKeysIn } from './file-keys.ts'
import { fileKeys } from './migrations/0025_file_keys.ts'

eachDatabase((database) => {
  test('a key is known from its addition to its removal', async () => {
    const record = fileKeysIn(database().kysely)
    const [one, two] = [crypto.randomUUID(), crypto.randomUUID()]
    await record.add(one)
    expect(await record.known([one, two])).toEqual(new Set([one]))
    expect(await record.known([])).toEqual(new Set())
    await record.remove(one)
    await record.remove(two)
    expect(await record.known([one, two])).toEqual(new Set())
  })

  test('keys in rows from before the record existed are known, even if the migration was interrupted', async () => {
    const { kysely, dialect } = database()
    const { userId } = await makeUser(database(), 'Ana')
    const at = '2027-04-05T06:07:08.009Z'
    const [cover, ofFile] = [crypto.randomUUID(), crypto.randomUUID()]
    const trip = {
      user_id: userId,
      title: 'Kyoto',
      currency: 'EUR',
      reminder_days: 3,
      is_archived: false,
      created_at: at,
    }
    const covers = [null, '/api/covers/kyoto.webp', `/api/covers/${cover}.gif`, `/api/covers/${cover}.gif`]
    for (const cover_image of covers) {
      await kysely
        .insertInto('trips' as never)
        .values({ ...trip, cover_image } as never)
        .execute()
    }
    const { id: trip_id } = await kysely.selectFrom('trips').select('id').limit(1).executeTakeFirstOrThrow()
    const file = { trip_id, name: 'a.pdf', size: 1, type: 'application/pdf', kind: 'pdf', created_at: at, key: ofFile }
    await kysely
      .insertInto('trip_files')
      .values({ ...file, place_ids: '[]', reservation_ids: '[]', starred: false } as never)
      .execute()
    const record = fileKeysIn(kysely)
    const keys = [cover, ofFile, crypto.randomUUID()]
    expect(await record.known(keys)).toEqual(new Set())
    await fileKeys(kysely, dialect)
    expect(await record.known(keys)).toEqual(new Set([cover, ofFile]))
    await record.remove(cover)
    await fileKeys(kysely, dialect)
    expect(await record.known(keys)).toEqual(new Set([cover, ofFile]))
  })
})
