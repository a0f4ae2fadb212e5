import { expect, test } from 'vitest'
import { eachDatabase } from '../../../test/harness/database/databases.ts'
import { services } from '../../../test/harness/network/outside-address.ts'
import { makeUser, makeWorldOf } from '../../../test/harness/rigs/world.ts'
import { until } from '../../../test/harness/until.ts'
import { features } from '../../features/index.ts'
import { create_trip, update_trip } from '../../features/trips/contract/index.ts'
import { Catalogue } from '../run/catalogue.ts'
import { Pipeline } from '../run/pipeline.ts'
import { Settings } from '../run/settings.ts'
import { type Batch, type Database, positionOf } from './database.ts'
import { Feed } from './feed.ts'

eachDatabase((database) => {
  test('commits of this process are published from memory: the log is read only for missed changes', async () => {
    let readings = 0
    const { notifier } = database()
    const counting: Database = {
      ...database(),
      // A connection that has just begun to listen announces that changes may have been missed.
      notifier: {
        ...notifier,
        subscribe: (listener) => notifier.subscribe((topic) => topic !== '*' && listener(topic)),
      },
      changesSince: (space, seq, most) => {
        readings++
        return database().changesSince(space, seq, most)
      },
    }
    const failures: unknown[] = []
    const feed = new Feed(counting, (error) => failures.push(error))
    const parts = {
      catalogue: new Catalogue(features(services)),
      database: counting,
      settings: new Settings(counting),
      feed,
    }
    const pipeline = new Pipeline({ ...parts, checkOutput: true })
    const { run } = makeWorldOf({ database: database(), pipeline })
    const ana = await makeUser(database(), 'Ana')
    const { trip } = await run(create_trip, { title: 'Kyoto', day_count: 1 }, ana)

    const batches: Batch[] = []
    const stop = await feed.follow(
      { space: 'trip', id: trip.id },
      { epoch: await database().epoch(), seq: 0 },
      (batch) => batches.push(batch),
      () => {},
    )
    expect(readings).toBe(1)
    for (const title of ['a', 'b', 'c']) await run(update_trip, { tripId: trip.id, title }, ana)
    expect(batches.map((batch) => batch.by.operation)).toEqual([
      'create_trip',
      'update_trip',
      'update_trip',
      'update_trip',
    ])
    expect(readings).toBe(1)
    stop?.()
    expect(failures).toEqual([])
  })

  test('a writer is answered before many followers are told, each of them once and in order', async () => {
    const failures: unknown[] = []
    const feed = new Feed(database(), (error) => failures.push(error))
    const world = makeWorldOf({
      database: database(),
      pipeline: new Pipeline({
        catalogue: new Catalogue(features(services)),
        database: database(),
        settings: new Settings(database()),
        feed,
        checkOutput: true,
      }),
    })
    const ana = await makeUser(database(), 'Ana')
    const { trip } = await world.run(create_trip, { title: 'Kyoto', day_count: 1 }, ana)
    const since = await positionOf(database(), { space: 'trip', id: trip.id })
    const seqsByFollower = Array.from({ length: 500 }, () => [] as number[])
    const fail = () => {
      throw new Error('This follower is broken')
    }
    const stopBroken = await feed.follow({ space: 'trip', id: trip.id }, since, fail, () => {})
    const stops = await Promise.all(
      seqsByFollower.map((seqs) =>
        feed.follow(
          { space: 'trip', id: trip.id },
          since,
          ({ seq }) => seqs.push(seq),
          () => {},
        ),
      ),
    )
    await world.run(update_trip, { tripId: trip.id, title: 'a' }, ana)
    expect(seqsByFollower.every((seqs) => seqs.length === 1)).toBe(false)
    for (const title of ['b', 'c']) await world.run(update_trip, { tripId: trip.id, title }, ana)
    await until(() => seqsByFollower.every((seqs) => seqs.length >= 3))
    for (const seqs of seqsByFollower) expect(seqs).toEqual([since.seq + 1, since.seq + 2, since.seq + 3])
    for (const stop of [stopBroken, ...stops]) stop?.()
    expect(failures).toEqual(Array(3).fill(new Error('This follower is broken')))
  })

  test('changes missed without a notification come before the next ones', async () => {
    const deafDatabase: Database = { ...database(), notifier: { ...database().notifier, subscribe: () => () => {} } }
    const failures: unknown[] = []
    const feed = new Feed(deafDatabase, (error) => failures.push(error))
    const catalogue = new Catalogue(features(services))
    const pipelineOf = (parts: { database: Database; feed: Feed }) =>
      new Pipeline({ ...parts, catalogue, settings: new Settings(parts.database), checkOutput: true })
    const worldHere = makeWorldOf({ database: database(), pipeline: pipelineOf({ database: deafDatabase, feed }) })
    const elsewhere = makeWorldOf({
      database: database(),
      pipeline: pipelineOf({ database: database(), feed: new Feed(database(), (error) => failures.push(error)) }),
    })
    const ana = await makeUser(database(), 'Ana')
    const { trip } = await worldHere.run(create_trip, { title: 'Kyoto', day_count: 1 }, ana)
    const ref = { space: 'trip', id: trip.id }
    const titles: unknown[] = []
    const since = { epoch: await database().epoch(), seq: await database().head(ref) }
    const stop = await feed.follow(
      ref,
      since,
      ({ changes }) => titles.push(...changes.map(({ after }) => after?.title)),
      () => {},
    )
    await elsewhere.run(update_trip, { tripId: trip.id, title: 'Nara' }, ana)
    expect(titles).toEqual([])
    await worldHere.run(update_trip, { tripId: trip.id, title: 'Osaka' }, ana)
    await until(() => titles.length === 2)
    expect(titles).toEqual(['Nara', 'Osaka'])
    stop?.()
    expect(failures).toEqual([])
  })
})
