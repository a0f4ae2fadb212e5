import { expect, test } from 'vitest'
import { eachDatabase } from '../../../test/harness/databases.ts'
import { outside } from '../../../test/harness/outside.ts'
import { makeUser, makeWorldOf } from '../../../test/harness/world.ts'
import { features } from '../../features/index.ts'
import { create_trip, update_trip } from '../../features/trips/contract/index.ts'
import { Catalogue } from '../run/catalogue.ts'
import type { Batch, Database } from './database.ts'
import { Feed } from './feed.ts'
import { Pipeline } from '../run/pipeline.ts'
import { Settings } from '../run/settings.ts'

eachDatabase((database) => {
  test('what this process commits is told from memory: the log is read for what was missed, not for each change', async () => {
    let readings = 0
    const counting: Database = {
      ...database(),
      changesSince: (space, seq) => {
        readings++
        return database().changesSince(space, seq)
      },
    }
    const failures: unknown[] = []
    const feed = new Feed(counting, (error) => failures.push(error))
    const parts = {
      catalogue: new Catalogue(features(outside)),
      database: counting,
      settings: new Settings(counting),
      feed,
    }
    const pipeline = new Pipeline({ ...parts, checkOutput: true })
    const { run } = makeWorldOf({ database: database(), pipeline })
    const ana = await makeUser(database(), 'Ana')
    const { trip } = await run(create_trip, { title: 'Kyoto', day_count: 1 }, ana)

    const heard: Batch[] = []
    const stop = await feed.follow(
      { space: 'trip', id: trip.id },
      { epoch: await database().epoch(), seq: 0 },
      (batch) => heard.push(batch),
      () => {},
    )
    expect(readings).toBe(1)
    for (const title of ['a', 'b', 'c']) await run(update_trip, { tripId: trip.id, title }, ana)
    expect(heard.map((batch) => batch.by.operation)).toEqual([
      'create_trip',
      'update_trip',
      'update_trip',
      'update_trip',
    ])
    expect(readings).toBe(1)
    stop?.()
    expect(failures).toEqual([])
  })
})
