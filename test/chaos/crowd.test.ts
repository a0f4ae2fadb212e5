import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { create_user } from '../../src/features/admin/contract/index.ts'
import { add_trip_member } from '../../src/features/trips/contract/index.ts'
import { ENGINES } from '../harness/database/databases.ts'
import {
  assistantOf,
  end,
  killServers,
  openBeside,
  type Serving,
  serve,
  tripIdOf,
} from '../harness/processes/serving.ts'
import { some, times } from '../harness/prove.ts'
import { commandLine, PASSWORD } from '../harness/rigs/accounts.ts'
import { Copy, type Frame, LiveClient } from '../harness/rigs/live-client.ts'
import { until } from '../harness/until.ts'

/** Many screens that follow one trip and reconnect all at once. */

const PEOPLE = times(2, 10)
const SCREENS = 50

afterAll(killServers)

/** A screen that behaves like the app: it reconnects with its last position, as often as necessary. */
class Screen {
  readonly copy = new Copy()
  readonly frames: Frame[] = []
  readonly #tripId: number
  readonly #cookie: string
  #client: LiveClient | null = null

  constructor(tripId: number, cookie: string) {
    this.#tripId = tripId
    this.#cookie = cookie
  }

  async connect({ port }: Serving): Promise<void> {
    const headers = { cookie: this.#cookie }
    this.#client = await until(
      () => LiveClient.open(`http://127.0.0.1:${port}`, 0, { headers }).catch(() => null),
      30_000,
      'the server is back',
    )
    this.#client.onFrame = (frame) => {
      this.frames.push(frame)
      this.copy.apply(frame)
    }
    this.#client.subscribe(this.#tripId, this.copy.since, 'trip')
  }

  heardOf(type: Frame['type']): number {
    return this.frames.filter((frame) => frame.type === type).length
  }

  close = () => this.#client?.close()
}

describe.each(some(ENGINES))('on $engine', ({ engine, place: find }) => {
  test('all screens of a killed server reconnect, reload nothing and miss nothing', {
    timeout: times(90_000, 300_000),
  }, async () => {
    const place = await find()
    onTestFinished(() => place.remove())
    const instance = { dataDir: place.folder, ...(engine === 'postgres' && { url: place.target }) }
    let serving = await serve(instance)
    const { port } = serving
    const assistant = await assistantOf(serving)
    const tripId = tripIdOf(await assistant.tool('create_trip', { title: 'Kyoto' }))
    for (let at = 0; at < 20; at++) await assistant.tool('create_place', { tripId, name: `Place ${at}` })

    const screens: Screen[] = []
    const productBeside = await openBeside(instance)
    const admin = { ...commandLine, userId: 1 }
    for (let at = 0; at < PEOPLE; at++) {
      const username = `person${at}`
      const account = { username, email: `${username}@example.org`, password: PASSWORD }
      await productBeside.pipeline.run(create_user, account, commandLine)
      await productBeside.pipeline.run(add_trip_member, { tripId, identifier: username }, admin)
      const cookie = await logIn(port, username)
      for (let screen = 0; screen < SCREENS; screen++) screens.push(new Screen(tripId, cookie))
    }
    await productBeside.close()
    await Promise.all(screens.map((screen) => screen.connect(serving)))
    const all = (type: Frame['type'], count: number) =>
      until(
        () => screens.every((screen) => screen.heardOf(type) >= count),
        60_000,
        `everybody heard ${count} times: ${type}`,
      )
    await all('snapshot', 1)

    await end(serving, 'SIGKILL')
    const reconnections = screens.map((screen) => screen.connect(serving))
    serving = await serve({ ...instance, port })
    await Promise.all(reconnections)
    await all('resumed', 1)
    const assistantAgain = await assistantOf(serving)
    await assistantAgain.tool('create_place', { tripId, name: 'Gion' })
    await until(
      () => screens.every(({ copy }) => copy.table('place').some(({ name }) => name === 'Gion')),
      30_000,
      'everybody was told',
    )
    for (const { copy, frames } of screens) {
      expect(copy.table('place')).toHaveLength(21)
      expect(new Set(frames.map(({ type }) => type))).toEqual(new Set(['snapshot', 'resumed', 'changes', 'presence']))
    }
    await Promise.all(screens.map((screen) => screen.close()))
    expect(await end(serving)).toBe(0)
  })
})

async function logIn(port: number, identifier: string): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ identifier, password: PASSWORD }),
  })
  expect(answer.status).toBe(200)
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
}
