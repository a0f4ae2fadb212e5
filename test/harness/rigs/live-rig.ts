import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect } from 'vitest'
import type { Caller } from '../../../src/core/data/space.ts'
import type { AnyOperation, Output } from '../../../src/core/declare/operation.ts'
import type { Deadlines } from '../../../src/transports/http/deadlines.ts'
import { createHttp, createLog } from '../../../src/transports/http/index.ts'
import type { ConnectionLimits } from '../../../src/transports/live/connection.ts'
import { type LiveParts, live } from '../../../src/transports/live/index.ts'
import { add_member, create_crate, create_thing } from '../../fixtures/toy/contract/index.ts'
import type { Place } from '../database/databases.ts'
import { LiveClient } from './live-client.ts'
import { openToy } from './toy-rig.ts'

export const OWNER = 2
export const MEMBER = 3
export const STRANGER = 4

const callerOf = (userId: number, more: Partial<Caller>): Caller => ({
  userId,
  name: `user ${userId}`,
  admin: userId === 1,
  way: 'rest',
  client: null,
  grant: null,
  scopes: 'all',
  readOnly: null,
  ...more,
})

/** A server of crates for one suite. Its sockets close when the suite ends. */
export class LiveRig {
  parts!: Awaited<ReturnType<typeof openToy>>
  app!: FastifyInstance
  base = ''
  readonly #clients: LiveClient[] = []

  /** Starts a server before the suite and stops it afterwards. */
  static use(place: () => Place): LiveRig {
    const rig = new LiveRig()
    beforeAll(async () => {
      rig.parts = await openToy(place().target)
      rig.app = await rig.start()
      rig.app.post('/echo', async ({ body }) => body)
      rig.base = await rig.app.listen({ port: 0, host: '127.0.0.1' })
    })
    afterAll(async () => {
      for (const client of rig.#clients) client.socket.terminate()
      await rig.app.close()
      await rig.parts.close()
      expect(rig.parts.failures).toEqual([])
    })
    return rig
  }

  /** Another server over the same parts that does not listen yet. */
  async start(
    limits: Partial<ConnectionLimits> = {},
    deadlines: Partial<Deadlines> = {},
    parts: Partial<LiveParts> = {},
  ): Promise<FastifyInstance> {
    const started = await createHttp({
      log: createLog('silent'),
      database: this.parts.database,
      appUrl: null,
      allowedHosts: [],
      trustProxy: false,
      web: null,
      deadlines,
    })
    await live(started, {
      ...this.parts,
      ...parts,
      limits: { frames: 30, spaces: 3, unread: 256 * 1024, closing: 100, ...limits },
    })
    return started
  }

  run<Op extends AnyOperation>(
    operation: Op,
    input: unknown,
    userId = OWNER,
    more: Partial<Caller> = {},
  ): Promise<Output<Op>> {
    return this.parts.pipeline.run(operation, input, callerOf(userId, more))
  }

  async open(userId: number): Promise<LiveClient> {
    const client = await LiveClient.open(this.base, userId)
    this.#clients.push(client)
    return client
  }

  /** Creates a crate of the owner, with a member. */
  async makeCrate(): Promise<number> {
    const { crate } = await this.run(create_crate, { label: 'Attic' })
    await this.run(add_member, { crateId: crate.id, userId: MEMBER })
    return crate.id
  }

  async thing(crateId: number, name: string, more: object = {}) {
    return (await this.run(create_thing, { crateId, name, ...more })).thing
  }

  async follow(userId: number, crateId: number) {
    const client = await this.open(userId)
    client.subscribe(crateId)
    const snapshot = await client.first('snapshot')
    await client.first('presence')
    return { client, snapshot }
  }
}
