import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { LIMITS } from '../../src/transports/live/connection.ts'
import { eachDatabase } from '../harness/database/databases.ts'
import { times } from '../harness/prove.ts'
import { Copy, type Frame, LiveClient, until } from '../harness/rigs/live-client.ts'
import { migrateToy } from '../harness/rigs/toy-rig.ts'

const OWNER = 2
const MEMBER = 3
const PROCESSES = 2
/** A killed process counts as gone sooner than in production. */
const OPENING = JSON.stringify({ pace: { beat: 500, gone: 3000 } })

type Thing = { id: number; name: string; secret: boolean }

interface Server {
  readonly base: string
  readonly process: ChildProcess
}

async function startServer(target: string): Promise<Server> {
  const script = fileURLToPath(new URL('../harness/processes/toy-process.ts', import.meta.url))
  const child = spawn(process.execPath, [script, target, OPENING], { stdio: ['pipe', 'pipe', 'inherit'] })
  const [line] = await once(child.stdout, 'data')
  return { base: String(line).trim(), process: child }
}

async function stopServer({ process: child }: Server): Promise<void> {
  child.stdin?.end()
  const [code] = await once(child, 'exit')
  expect(code).toBe(0)
}

/** An app that sometimes loses its connection, reconnects to any process, and remembers what it has seen. */
class Follower {
  readonly copy = new Copy()
  readonly frames: Frame[] = []
  readonly #crateId: number
  readonly #userId: number
  #client: LiveClient | null = null

  constructor(crateId: number, userId: number) {
    this.#crateId = crateId
    this.#userId = userId
  }

  async connect({ base }: Server): Promise<void> {
    await this.disconnect()
    const client = await LiveClient.open(base, this.#userId)
    this.#client = client
    client.onFrame = (frame) => {
      if (this.#client !== client) return
      this.frames.push(frame)
      this.copy.apply(frame)
    }
    client.subscribe(this.#crateId, this.copy.since)
  }

  async disconnect(): Promise<void> {
    const client = this.#client
    this.#client = null
    await client?.close()
  }
}

const at = fc.nat(PROCESSES - 1)
const which = fc.nat(20)
const who = fc.nat(2)
const turn = fc.oneof(
  fc.record({ do: fc.constant('create' as const), at, secret: fc.boolean() }),
  fc.record({ do: fc.constant('rename' as const), at, which }),
  fc.record({ do: fc.constant('hide' as const), at, which, secret: fc.boolean() }),
  fc.record({ do: fc.constant('delete' as const), at, which }),
  fc.record({ do: fc.constant('reconnect' as const), at, who }),
  fc.record({ do: fc.constant('disconnect' as const), who }),
)
type Turn = typeof turn extends fc.Arbitrary<infer T> ? T : never
type Write = Exclude<Turn, { who: number }>

/** The name tells whether a thing is secret, so that any frame shows a leak. */
const nameOf = (secret: boolean, word: number) => `${secret ? 'hush' : 'open'}-${word}`

eachDatabase((database, place) => {
  const servers: Server[] = []
  const server = (index: number) => servers[index % PROCESSES] as Server

  beforeAll(async () => {
    await migrateToy(database())
    for (let started = 0; started < PROCESSES; started++) servers.push(await startServer(place().target))
  })
  afterAll(async () => {
    for (const one of servers) await stopServer(one)
  })

  async function call<T>(index: number, method: string, path: string, body?: object): Promise<T> {
    const answer = await fetch(`${server(index).base}/api${path}`, {
      method,
      headers: { authorization: `Bearer token-${OWNER}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    })
    // Another client may have removed the thing meanwhile; no other error is expected.
    if (!answer.ok && answer.status !== 404) throw new Error(`${method} ${path}: ${await answer.text()}`)
    return (await answer.json()) as T
  }
  async function newCrate(): Promise<number> {
    const { crate } = await call<{ crate: { id: number } }>(0, 'POST', '/crates', { label: 'Attic' })
    await call(0, 'PUT', `/crates/${crate.id}/members/${MEMBER}`, {})
    return crate.id
  }
  const thingsNow = async (crateId: number, index = 0) =>
    (await call<{ things: Thing[] }>(index, 'GET', `/crates/${crateId}/things?limit=1000`)).things
  const create = (crateId: number, index: number, name: string, secret = false) =>
    call(index, 'POST', `/crates/${crateId}/things`, { name, secret })

  async function write(crateId: number, one: Write, word: number): Promise<void> {
    if (one.do === 'create') {
      await create(crateId, one.at, nameOf(one.secret, word), one.secret)
      return
    }
    const things = await thingsNow(crateId, one.at)
    const thing = things[one.which % Math.max(1, things.length)]
    if (!thing) return
    const path = `/crates/${crateId}/things/${thing.id}`
    if (one.do === 'delete') await call(one.at, 'DELETE', path)
    else {
      const secret = one.do === 'hide' ? one.secret : word % 2 === 0
      await call(one.at, 'PATCH', path, { secret, name: nameOf(secret, word) })
    }
  }

  async function play(turns: readonly Turn[], crateId: number, followers: readonly Follower[]): Promise<void> {
    let writes: Promise<void>[] = []
    for (const [word, one] of turns.entries()) {
      if (one.do === 'reconnect') await followers[one.who]?.connect(server(one.at))
      else if (one.do === 'disconnect') await followers[one.who]?.disconnect()
      else writes.push(write(crateId, one, word))
      if (writes.length > 3) {
        await Promise.all(writes)
        writes = []
      }
    }
    await Promise.all(writes)
  }

  async function expectComplete(
    { copy, frames }: Follower,
    expectedThings: readonly Thing[],
    isOwner: boolean,
  ): Promise<void> {
    const same = () => JSON.stringify(copy.table('thing')) === JSON.stringify(expectedThings)
    await until(same).catch(() => expect(copy.table('thing')).toEqual(expectedThings))
    // Each number is larger than the one before: the changes are in order, and none comes twice.
    expect(copy.receivedSeqs).toEqual([...new Set(copy.receivedSeqs)].sort((a, b) => a - b))
    expect(frames.filter(({ type }) => type === 'reset' || type === 'error' || type === 'bye')).toEqual([])
    if (!isOwner) expect(JSON.stringify(frames)).not.toContain('hush')
  }

  test(
    'a client that reconnects to any process ends with exactly the rows it may see',
    async () => {
      let resumed = 0
      await fc.assert(
        fc.asyncProperty(fc.array(turn, { minLength: 15, maxLength: 60 }), async (turns) => {
          const crateId = await newCrate()
          const followers = [OWNER, MEMBER, MEMBER].map((userId) => new Follower(crateId, userId))
          for (const [index, follower] of followers.entries()) await follower.connect(server(index))
          await play(turns, crateId, followers)
          for (const [index, follower] of followers.entries()) await follower.connect(server(index + turns.length))
          const things = await thingsNow(crateId)
          for (const [index, follower] of followers.entries()) {
            const isOwner = index === 0
            await expectComplete(follower, isOwner ? things : things.filter(({ secret }) => !secret), isOwner)
            await follower.disconnect()
            resumed += follower.frames.filter(({ type }) => type === 'resumed').length
          }
        }),
        { numRuns: times(6, 150) },
      )
      expect(resumed).toBeGreaterThan(15)
    },
    times(60_000, 900_000),
  )

  test('a commit of one process soon reaches the sockets of the other', async () => {
    const crateId = await newCrate()
    const client = await LiveClient.open(server(1).base, MEMBER)
    client.subscribe(crateId)
    await client.first('presence')
    await create(crateId, 0, 'Rope')
    // The client sends nothing meanwhile, and its next sign of life (LIMITS.beat) is due after the end of this wait.
    expect(LIMITS.beat).toBeGreaterThan(10_000)
    expect(await client.first('changes')).toMatchObject({ changes: [{ entity: 'thing', row: { name: 'Rope' } }] })
    await client.close()
  })

  test('people connected to one process are shown at the other, until they leave or their process is killed', async () => {
    const crateId = await newCrate()
    const presenceFrame = { type: 'here', space: 'crate', id: crateId } as const
    const member = await LiveClient.open(server(1).base, MEMBER)
    member.subscribe(crateId)
    await member.first('presence')
    const peopleSeen = () =>
      member
        .of('presence')
        .at(-1)
        ?.people.map(({ user_id, at }) => [user_id, at])
    const expectPeople = (expected: unknown[]) =>
      until(() => JSON.stringify(peopleSeen()) === JSON.stringify(expected), 20_000)
    const comeTo = async ({ base }: Server) => {
      const owner = await LiveClient.open(base, OWNER)
      owner.subscribe(crateId)
      await owner.first('presence')
      owner.send({ ...presenceFrame, at: 'day 1' })
      return owner
    }
    const owner = await comeTo(server(0))
    await expectPeople([[OWNER, 'day 1']])
    await owner.close()
    await expectPeople([])
    const third = await startServer(place().target)
    await comeTo(third)
    await expectPeople([[OWNER, 'day 1']])
    third.process.kill('SIGKILL')
    await expectPeople([])
    await member.close()
  })

  test('a member removed at one process gets nothing more from the other', async () => {
    const crateId = await newCrate()
    const client = await LiveClient.open(server(1).base, MEMBER)
    client.subscribe(crateId)
    await client.first('presence')
    await call(0, 'DELETE', `/crates/${crateId}/members/${MEMBER}`)
    await create(crateId, 0, 'after-5d')
    expect(await client.first('bye')).toMatchObject({ space: 'crate', id: crateId, reason: 'gone' })
    await create(crateId, 1, 'after-5d')
    expect(JSON.stringify(client.frames)).not.toContain('after-5d')
    await client.close()
  })

  test('two hundred simultaneous writes arrive once each and in order', async () => {
    const crateId = await newCrate()
    const followers = [new Follower(crateId, OWNER), new Follower(crateId, OWNER)]
    for (const [index, follower] of followers.entries()) await follower.connect(server(index))
    await until(() => followers.every(({ copy }) => copy.seq !== undefined))
    await Promise.all(Array.from({ length: 200 }, (_, word) => create(crateId, word, nameOf(false, word))))
    for (const { copy } of followers) {
      await until(() => copy.receivedSeqs.length === 200)
      expect(copy.receivedSeqs).toEqual(Array.from({ length: 200 }, (_, index) => index + 3))
      expect(copy.table('thing')).toHaveLength(200)
    }
    for (const follower of followers) await follower.disconnect()
  })
})
