import { expect, test } from 'vitest'
import { fillLargeTrip } from '../../bench/large-trip.ts'
import { create_trip, update_trip } from '../../src/features/trips/contract/index.ts'
import { SlowLine } from '../harness/network/slow-line.ts'
import { PROVING, times } from '../harness/prove.ts'
import { Copy, LiveClient } from '../harness/rigs/live-client.ts'
import { browserOf } from '../harness/rigs/oauth.ts'
import { type Running, runningOn } from '../harness/rigs/running.ts'
import { until } from '../harness/until.ts'

const MINUTES = 60_000

const suite = (running: () => Running) => {
  /** The rows of a screen that reconnects whenever it is cut off, as the app does. */
  function screen(base: string, headers: Record<string, string>, tripId: number, gzip: boolean) {
    const copy = new Copy()
    const screenState = { copy, lost: 0, stopped: false, client: undefined as LiveClient | undefined }
    const open = async () => {
      const client = await LiveClient.open(base, 0, { headers })
      screenState.client = client
      client.onFrame = (frame) => {
        copy.apply(frame)
        if (frame.type === 'reset') client.subscribe(tripId, { gzip }, 'trip')
      }
      client.socket.on('close', () => {
        screenState.lost++
        if (!screenState.stopped) void open()
      })
      client.subscribe(tripId, { ...copy.since, gzip }, 'trip')
    }
    return { screenState, opened: open() }
  }

  // The speed of a phone whose data volume is used up; in `npm test` a faster line.
  test.each(PROVING ? [true, false] : [true])(
    'a very large trip gets through a slow line during constant changes (packed: %s)',
    { timeout: times(1, 15) * MINUTES },
    async (gzip) => {
      const { database, pipeline, port, url, person } = running()
      const ana = await person('Ana')
      const { trip } = await pipeline.run(create_trip, { title: 'Kyoto', day_count: 5 }, ana.caller)
      await fillLargeTrip(database, trip.id, [ana.caller.userId])
      const browser = await browserOf({ url }, ana)
      const headers = { cookie: browser.cookieFor('/ws') }
      const line = await SlowLine.to(port, times(1_000_000, 64_000))

      let changes = 0
      const changing = setInterval(() => {
        void pipeline.run(update_trip, { tripId: trip.id, title: `Kyoto ${++changes}` }, ana.caller)
      }, 100)
      const { screenState, opened } = screen(line.base, headers, trip.id, gzip)
      await opened
      await until(() => screenState.copy.receivedSeqs.length > 10, times(1, 12) * MINUTES, 'it is live')
      clearInterval(changing)
      await pipeline.run(update_trip, { tripId: trip.id, title: 'At last' }, ana.caller)
      await until(
        () => screenState.copy.table('trip')[0]?.title === 'At last',
        times(1, 2) * MINUTES,
        'it has the last change',
      )

      const fresh = new Copy()
      const otherClient = await LiveClient.open(url, 0, { headers })
      otherClient.subscribe(trip.id, {}, 'trip')
      fresh.apply(await otherClient.first('snapshot'))
      expect([...screenState.copy.rows.keys()].sort()).toEqual([...fresh.rows.keys()].sort())
      for (const entity of fresh.rows.keys()) expect(screenState.copy.table(entity)).toEqual(fresh.table(entity))
      // Unpacked pages can fit into the buffers of this machine entirely, so that the server sees no progress for
      // minutes.
      if (gzip) expect(screenState.lost).toBe(0)
      screenState.stopped = true
      await otherClient.close()
      await line.close()
    },
  )
}

// Filling such a trip takes long on PostgreSQL, and src/transports/live/pace.test.ts covers both engines.
for (const engine of PROVING ? (['sqlite', 'postgres'] as const) : (['sqlite'] as const)) runningOn(engine, suite)
