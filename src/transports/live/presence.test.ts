import { describe, expect, test } from 'vitest'
import { list_things, remove_member } from '../../../test/fixtures/toy/contract/index.ts'
import { eachDatabase } from '../../../test/harness/database/databases.ts'
import { type LiveClient, until } from '../../../test/harness/rigs/live-client.ts'
import { LiveRig, MEMBER, OWNER, STRANGER } from '../../../test/harness/rigs/live-rig.ts'

eachDatabase((_database, place) => {
  const rig = LiveRig.use(place)

  describe('presence', () => {
    const last = (client: LiveClient) =>
      client
        .of('presence')
        .at(-1)
        ?.people.map(({ user_id, way, client, at }) => [user_id, way, client, at])

    test('people are present from their arrival until they leave, once each', async () => {
      const crateId = await rig.makeCrate()
      const { client } = await rig.follow(MEMBER, crateId)
      const [window, otherWindow] = [
        (await rig.follow(OWNER, crateId)).client,
        (await rig.follow(OWNER, crateId)).client,
      ]
      expect(last(client)).toEqual([])
      window.send({ type: 'here', space: 'crate', id: crateId, at: 'day 1' })
      await until(() => last(client)?.length)
      otherWindow.send({ type: 'here', space: 'crate', id: crateId, at: 'day 2' })
      await until(() => last(client)?.[0]?.[3] === 'day 2')
      expect(last(client)).toEqual([[OWNER, 'web', null, 'day 2']])
      await otherWindow.close()
      await until(() => last(client)?.[0]?.[3] === 'day 1')
      window.send({ type: 'unsubscribe', space: 'crate', id: crateId })
      await until(() => last(client)?.length === 0)
    })

    test('an assistant is present for a while after its last call, and a stranger’s never', async () => {
      const crateId = await rig.makeCrate()
      const { client } = await rig.follow(MEMBER, crateId)
      const assistant = { way: 'mcp', client: 'Claude' } as const
      await rig.run(list_things, { crateId }, STRANGER, assistant).catch(() => {})
      await rig.run(list_things, { crateId }, OWNER, { way: 'rest', client: 'script' })
      await rig.run(list_things, { crateId }, OWNER, assistant)
      await until(() => last(client)?.length)
      expect(last(client)).toEqual([[OWNER, 'mcp', 'Claude', null]])
      await until(() => last(client)?.length === 0)
    })

    test('the assistant of a removed member leaves too', async () => {
      const crateId = await rig.makeCrate()
      const { client } = await rig.follow(OWNER, crateId)
      await rig.run(list_things, { crateId }, MEMBER, { way: 'mcp', client: 'Claude' })
      await until(() => last(client)?.length)
      await rig.run(remove_member, { crateId, userId: MEMBER })
      await until(() => last(client)?.length === 0, 300)
    })
  })
})
