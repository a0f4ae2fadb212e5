import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { structured } from '../../bench/client.ts'
import { ENGINES, type Place } from '../harness/database/databases.ts'
import { bearer, call, initialize, openStream, post, reading } from '../harness/mcp/wire.ts'
import { PASSWORD } from '../harness/rigs/accounts.ts'
import { Copy, LiveClient, sinceOf, until } from '../harness/rigs/live-client.ts'
import { type Running, startRunning } from '../harness/rigs/running.ts'

/** After a restore, a client that was away must not continue with its old state. */

describe.each(ENGINES)('on $engine', ({ engine, place: find }) => {
  let place: Place
  let running: Running
  const restart = async (between: () => Promise<void> = async () => {}) => {
    await running.close()
    await between()
    running = await startRunning(place.target)
  }
  beforeAll(async () => {
    place = await find()
    running = await startRunning(place.target)
  })
  afterAll(async () => {
    await running.close()
    await place.remove()
  })

  async function logIn(identifier: string): Promise<string> {
    const answer = await fetch(`${running.url}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ identifier, password: PASSWORD }),
    })
    return answer.headers
      .getSetCookie()
      .map((cookie) => cookie.split(';', 1)[0])
      .join('; ')
  }

  test('a screen that was asleep reloads everything after a restore, and nothing after a plain restart', async () => {
    const ana = await running.person('Ana')
    const { trip } = structured<{ trip: { id: number } }>(await ana.assistant.tool('create_trip', { title: 'Kyoto' }))
    const cookie = await logIn(ana.username)
    const open = () => LiveClient.open(running.url, 0, { headers: { cookie } })
    const addPlace = async (name: string) => {
      const url = new URL(`${running.url}/mcp`)
      const session = await initialize(url, ana.token)
      await post(
        url,
        call('tools/call', { name: 'create_place', arguments: { tripId: trip.id, name } }),
        bearer(ana.token, session),
      )
    }

    const first = await open()
    first.subscribe(trip.id, {}, 'trip')
    const knownPosition = sinceOf(await first.first('snapshot'))

    let putBack = async () => {}
    await restart(async () => {
      putBack = await place.backUp()
    })
    const connected = await open()
    connected.subscribe(trip.id, knownPosition, 'trip')
    await connected.first('resumed')
    const copy = new Copy()
    connected.subscribe(trip.id, {}, 'trip')
    copy.apply(await connected.first('snapshot'))
    connected.onFrame = (frame) => copy.apply(frame)
    await addPlace('Ghost')
    await until(() => copy.table('place').some(({ name }) => name === 'Ghost'))
    const { since } = copy

    await restart(putBack)
    // Compared by number alone, the screen would have missed one change: the history has as many as it has seen, and
    // one more.
    await addPlace('Temple')
    await addPlace('Garden')
    const reconnected = await open()
    reconnected.subscribe(trip.id, since, 'trip')
    reconnected.onFrame = (frame) => copy.apply(frame)
    await until(() => reconnected.of('reset').length > 0 || reconnected.of('resumed').length > 0)
    expect(reconnected.of('resumed')).toEqual([])
    reconnected.subscribe(trip.id, {}, 'trip')
    await until(() => reconnected.of('snapshot').length > 0)
    expect(copy.table('place').map(({ name }) => name)).toEqual(['Temple', 'Garden'])
    for (const client of [first, connected, reconnected]) client.socket.terminate()
  })

  test('an assistant that follows a resource is notified of the change', async () => {
    const ben = await running.person('Ben')
    const { trip } = structured<{ trip: { id: number } }>(await ben.assistant.tool('create_trip', { title: 'Nara' }))
    const url = () => new URL(`${running.url}/mcp`)
    const session = await initialize(url(), ben.token)
    const uri = `trek://trips/${trip.id}/places`
    const listening = async () => reading(await openStream(url(), ben.token, session))
    const updates = ({ heard }: { heard: string }) => heard.split(`"uri":"${uri}"`).length - 1
    await post(url(), call('resources/subscribe', { uri }), bearer(ben.token, session))

    let putBack = async () => {}
    await restart(async () => {
      putBack = await place.backUp()
    })
    const stream = await listening()
    await ben.assistant.close()
    await post(
      url(),
      call('tools/call', { name: 'create_place', arguments: { tripId: trip.id, name: 'Ghost' } }),
      bearer(ben.token, session),
    )
    await until(() => updates(stream) === 1, 10_000, 'it is told of the place')

    await restart(putBack)
    const reconnected = await listening()
    await until(() => updates(reconnected) === 1, 10_000, 'it is told to look again')
  })

  // The file of SQLite cannot be replaced under a server that has it open.
  if (engine === 'postgres') {
    test('open screens reload after a restore of the database', async () => {
      const eve = await running.person('Eve')
      const { trip } = structured<{ trip: { id: number } }>(await eve.assistant.tool('create_trip', { title: 'Oslo' }))
      const cookie = await logIn(eve.username)
      let putBack = async () => {}
      await restart(async () => {
        putBack = await place.backUp()
      })
      const client = await LiveClient.open(running.url, 0, { headers: { cookie } })
      client.subscribe(trip.id, {}, 'trip')
      const { epoch } = await client.first('snapshot')
      await putBack()
      await client.first('reset')
      client.subscribe(trip.id, {}, 'trip')
      await until(() => client.of('snapshot').length === 2)
      expect(client.of('snapshot')[1]?.epoch).not.toBe(epoch)
      client.socket.terminate()
      expect(running.failures.splice(0).map(String)).toEqual([
        expect.stringMatching(/^The connection to the database was lost/),
        'The database answers again.',
      ])
    })
  }
})
