import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { Client } from '../../bench/client.ts'
import { ENGINES } from '../harness/database/databases.ts'
import {
  attempt,
  databaseOf,
  end,
  type InstanceData,
  killServers,
  namesIn,
  type Serving,
  serve,
  tokenFor,
  tripIdOf,
} from '../harness/processes/serving.ts'
import { times } from '../harness/prove.ts'
import { defectsAt } from './checker.ts'

/** Two servers of one instance write to the same trips, and one of them is frozen or killed during its work. */

const TRIPS = 4
const ALLOWED = ['done', 'later', 'cut']

afterAll(killServers)

describe.each(ENGINES)('on $engine', ({ engine, place: find }) => {
  interface Scene {
    readonly instance: InstanceData
    readonly trips: readonly number[]
    /** Every acknowledged place, as `trip name`. */
    readonly done: Set<string>
    start(): Promise<{ serving: Serving; assistant: Client }>
  }

  async function scene(): Promise<Scene> {
    const place = await find()
    onTestFinished(() => place.remove())
    const instance = { dataDir: place.folder, ...(engine === 'postgres' && { url: place.target }) }
    const serving = await serve(instance)
    const token = await tokenFor(instance)
    const assistant = await connected(serving, token)
    const start = async () => {
      const another = await serve(instance)
      return { serving: another, assistant: await connected(another, token) }
    }
    const trips: number[] = []
    for (let at = 0; at < TRIPS; at++)
      trips.push(tripIdOf(await assistant.tool('create_trip', { title: `Trip ${at}` })))
    assistant.close()
    await end(serving)
    return { instance, trips, done: new Set(), start }
  }

  async function connected({ port }: Serving, token: string): Promise<Client> {
    const client = new Client(port, token)
    await client.handshake()
    return client
  }

  /** Adds a place to every trip at once; returns the answers, `cut` if the process was gone. */
  const write = ({ trips, done }: Scene, assistant: Client, name: string): Promise<string[]> =>
    Promise.all(
      trips.map(async (tripId) => {
        const answer = await attempt(assistant, 'create_place', { tripId, name }).catch(() => 'cut')
        if (answer === 'done') done.add(`${tripId} ${name}`)
        return answer
      }),
    )

  async function expectKept({ instance, trips, done }: Scene, reader: Client): Promise<void> {
    for (const tripId of trips) {
      const text = await namesIn(reader, tripId)
      const missing = [...done].filter(
        (one) => one.startsWith(`${tripId} `) && !text.includes(`"${one.split(' ')[1]}"`),
      )
      expect(missing).toEqual([])
    }
    expect(done.size).toBeGreaterThan(TRIPS)
    expect(await defectsAt(databaseOf(instance))).toEqual([])
  }

  test('of which one freezes keep serving: the other continues, and the frozen one catches up later', {
    timeout: times(60_000, 300_000),
  }, async () => {
    const bothProcesses = await scene()
    const [frozen, other] = [await bothProcesses.start(), await bothProcesses.start()]
    for (let round = 0; round < times(1, 20); round++) {
      const ofFrozen = write(bothProcesses, frozen.assistant, `frozen-${round}`)
      // At any point of its work, transactions and locks included.
      await pause(3 * round)
      frozen.serving.child.kill('SIGSTOP')
      for (const answer of await write(bothProcesses, other.assistant, `other-${round}`))
        expect(ALLOWED).toContain(answer)
      frozen.serving.child.kill('SIGCONT')
      for (const answer of await ofFrozen) expect(ALLOWED).toContain(answer)
      expect(new Set(await write(bothProcesses, other.assistant, `after-${round}`))).toEqual(new Set(['done']))
    }
    await expectKept(bothProcesses, frozen.assistant)
    expect([await end(frozen.serving), await end(other.serving)]).toEqual([0, 0])
  })

  test('of which one is killed keep serving without a lost write', { timeout: times(60_000, 600_000) }, async () => {
    const bothProcesses = await scene()
    const survivor = await bothProcesses.start()
    for (let round = 0; round < times(1, 30); round++) {
      const victim = await bothProcesses.start()
      const [ofVictim, ofSurvivor] = [0, 1].map(async (which) => {
        const { assistant } = which ? survivor : victim
        const answers: string[] = []
        for (let at = 0; at < 4; at++)
          answers.push(...(await write(bothProcesses, assistant, `${which}-${round}-${at}`)))
        return answers
      }) as [Promise<string[]>, Promise<string[]>]
      await pause(5 + 7 * round)
      await end(victim.serving, 'SIGKILL')
      for (const answer of await ofVictim) expect(ALLOWED).toContain(answer)
      for (const answer of await ofSurvivor) expect(answer).toMatch(/^(done|later)$/)
      victim.assistant.close()
    }
    await expectKept(bothProcesses, survivor.assistant)
    expect(await end(survivor.serving)).toBe(0)
  })
})
