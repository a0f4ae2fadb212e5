import { describe, expect, test } from 'vitest'
import {
  add_member,
  create_crate,
  create_sticker,
  give_crate,
  remove_member,
  switch_addon,
} from '../../../test/fixtures/toy/contract/index.ts'
import { eachDatabase } from '../../../test/harness/database/databases.ts'
import { sinceOf, until } from '../../../test/harness/rigs/live-client.ts'
import { LiveRig, MEMBER, OWNER, STRANGER } from '../../../test/harness/rigs/live-rig.ts'

eachDatabase((_database, place) => {
  const rig = LiveRig.use(place)

  describe('when the rights of a person change', () => {
    test('an added or removed member receives the change in their own space', async () => {
      const { crate } = await rig.run(create_crate, { label: 'Attic' })
      const client = await rig.open(MEMBER)
      client.subscribe(MEMBER, {}, 'user')
      await client.first('presence')
      await rig.run(add_member, { crateId: crate.id, userId: MEMBER })
      await rig.run(remove_member, { crateId: crate.id, userId: MEMBER })
      await until(() => client.of('changes').length === 2)
      expect(client.of('changes').map(({ changes }) => changes)).toMatchObject([
        [{ entity: 'crate_member', action: 'insert', row: { crate_id: crate.id, user_id: MEMBER } }],
        [{ entity: 'crate_member', action: 'remove' }],
      ])
    })

    test('a removed member is notified, and receives neither the removal nor later changes', async () => {
      const crateId = await rig.makeCrate()
      const { client } = await rig.follow(MEMBER, crateId)
      const { client: owner } = await rig.follow(OWNER, crateId)
      client.send({ type: 'here', space: 'crate', id: crateId })
      await until(() => owner.of('presence').at(-1)?.people.length)
      await Promise.all([
        rig.run(remove_member, { crateId, userId: MEMBER }),
        ...['a', 'b', 'c'].map((name) => rig.thing(crateId, name)),
      ])
      await rig.thing(crateId, 'after-3e')
      expect(await client.first('bye')).toEqual({ type: 'bye', space: 'crate', id: crateId, reason: 'gone' })
      await until(() => owner.of('changes').length === 5)
      await until(() => owner.of('presence').at(-1)?.people.length === 0)
      expect(JSON.stringify(client.frames)).not.toContain('after-3e')
      expect(JSON.stringify(client.frames)).not.toContain('remove_member')
      expect(client.closed).toBeNull()
      client.subscribe(crateId)
      expect(await client.first('error')).toMatchObject({ code: 'not_found', space: 'crate', id: crateId })
    })

    test('the remaining members receive the change', async () => {
      const crateId = await rig.makeCrate()
      const { client } = await rig.follow(MEMBER, crateId)
      await rig.run(add_member, { crateId, userId: STRANGER })
      await rig.thing(crateId, 'Rope')
      await until(() => client.of('changes').length === 2)
      expect(client.of('changes').map(({ by }) => by.operation)).toEqual(['add_member', 'create_thing'])
    })

    test('a person with a new role reloads, at once or when they reconnect', async () => {
      const crateId = await rig.makeCrate()
      await rig.thing(crateId, 'diary', { secret: true })
      const { client, snapshot } = await rig.follow(MEMBER, crateId)
      const { client: owner } = await rig.follow(OWNER, crateId)
      await rig.run(give_crate, { crateId, to: MEMBER })
      await Promise.all([client.first('reset'), owner.first('reset')])
      owner.subscribe(crateId)
      client.subscribe(crateId, sinceOf(snapshot))
      await until(() => client.of('reset').length === 2)
      client.subscribe(crateId)
      await until(() => client.of('snapshot').length === 2 && owner.of('snapshot').length === 2)
      expect(owner.of('snapshot')[1]?.rows.thing).toEqual([])
      expect(client.of('snapshot')[1]?.rows.thing).toHaveLength(1)
    })

    test('the rows of an add-on go and come with it', async () => {
      const crateId = await rig.makeCrate()
      await rig.run(create_sticker, { crateId, text: 'fragile' })
      const { client, snapshot } = await rig.follow(MEMBER, crateId)
      expect(snapshot.rows.sticker).toHaveLength(1)
      const awayClient = await rig.open(MEMBER)
      await rig.run(switch_addon, { addon: 'stickers', on: false }, 1)
      await client.first('reset')
      client.subscribe(crateId)
      await until(() => client.of('snapshot').length === 2)
      expect(client.of('snapshot')[1]?.rows).not.toHaveProperty('sticker')
      awayClient.subscribe(crateId, sinceOf(snapshot))
      await awayClient.first('reset')
      await rig.run(switch_addon, { addon: 'stickers', on: true }, 1)
      await until(() => client.of('reset').length === 2)
    })

    test('a page that opens while an add-on is briefly on is reset when the add-on is off again', async () => {
      const crateId = await rig.makeCrate()
      const { client: first } = await rig.follow(MEMBER, crateId)
      await rig.run(switch_addon, { addon: 'stickers', on: false }, 1)
      await first.first('reset')
      // The server checks again only after a while: by then the add-on is in the same state as at its last check.
      await rig.run(switch_addon, { addon: 'stickers', on: true }, 1)
      const { client, snapshot } = await rig.follow(OWNER, crateId)
      expect(snapshot.rows).toHaveProperty('sticker')
      await rig.run(switch_addon, { addon: 'stickers', on: false }, 1)
      await client.first('reset')
      await rig.run(switch_addon, { addon: 'stickers', on: true }, 1)
    })

    test('other settings cause no reset', async () => {
      const crateId = await rig.makeCrate()
      const { client } = await rig.follow(MEMBER, crateId)
      await rig.parts.database.notifier.publish('instance:0')
      client.send({ type: 'here', space: 'crate', id: crateId })
      await until(() => client.of('presence').at(-1)?.people.length)
      expect(client.of('reset')).toEqual([])
    })
  })
})
