import { expect, test } from 'vitest'
import { create_memo, delete_thing, update_thing } from '../../../test/fixtures/toy/contract/index.ts'
import { eachDatabase } from '../../../test/harness/database/databases.ts'
import { sinceOf, until } from '../../../test/harness/rigs/live-client.ts'
import { LiveRig, MEMBER, OWNER, STRANGER } from '../../../test/harness/rigs/live-rig.ts'

eachDatabase((_database, place) => {
  const rig = LiveRig.use(place)

  test('a stranger gets the same answer as for a missing space', async () => {
    const client = await rig.open(STRANGER)
    const ownCrate = await rig.makeCrate()
    client.subscribe(ownCrate)
    client.subscribe(999_999)
    client.subscribe(OWNER, {}, 'user')
    await until(() => client.of('error').length === 3)
    const [notYours, unknown] = client.of('error').map(({ id: _, ...error }) => error)
    expect(notYours).toEqual(unknown)
    await rig.thing(ownCrate, 'Lamp')
    expect(client.frames.map(({ type }) => type)).toEqual(['error', 'error', 'error'])
  })

  test('a client first gets everything, then every change with its author', async () => {
    const crateId = await rig.makeCrate()
    const lamp = await rig.thing(crateId, 'Lamp')
    const { client, snapshot } = await rig.follow(MEMBER, crateId)
    expect(snapshot.seq).toBe(3)
    expect(snapshot.rows).toMatchObject({ crate: [{ id: crateId }], thing: [lamp], sticker: [] })
    const { thing: changed } = await rig.run(update_thing, { crateId, thingId: lamp.id, note: 'brass' }, OWNER, {
      way: 'mcp',
      client: 'Claude',
      grant: 'grant:9',
    })
    await rig.run(delete_thing, { crateId, thingId: lamp.id })
    await until(() => client.of('changes').length === 2)
    expect(client.of('changes')).toEqual([
      {
        type: 'changes',
        space: 'crate',
        id: crateId,
        seq: 4,
        at: expect.stringMatching(/^\d{4}-/),
        commit: expect.stringMatching(/^[0-9a-f-]{36}$/),
        by: { user_id: OWNER, name: 'user 2', way: 'mcp', client: 'Claude', operation: 'update_thing' },
        changes: [{ entity: 'thing', action: 'patch', row: changed }],
      },
      expect.objectContaining({ seq: 5, changes: [{ entity: 'thing', action: 'remove', id: lamp.id }] }),
    ])
    expect(JSON.stringify(client.frames)).not.toContain('grant:9')
  })

  test('private rows are in no frame; sharing one is an insertion, hiding it a removal', async () => {
    const crateId = await rig.makeCrate()
    const secret = await rig.thing(crateId, 'diary-kept', { secret: true })
    const { client, snapshot } = await rig.follow(MEMBER, crateId)
    const { client: owner } = await rig.follow(OWNER, crateId)
    expect(snapshot.rows.thing).toEqual([])
    await rig.run(update_thing, { crateId, thingId: secret.id, note: 'hush-kept' })
    await rig.thing(crateId, 'letter-kept', { secret: true })
    await rig.thing(crateId, 'Rope')
    await rig.run(update_thing, { crateId, thingId: secret.id, name: 'Book', note: null, secret: false })
    await rig.run(update_thing, { crateId, thingId: secret.id, name: 'again-kept', secret: true })
    await until(() => owner.of('changes').length === 5)
    await until(() => client.of('changes').length === 3)
    expect(client.of('changes').map(({ seq, changes }) => [seq, changes[0]?.action])).toEqual([
      [6, 'insert'],
      [7, 'insert'],
      [8, 'remove'],
    ])
    expect(JSON.stringify(client.frames)).not.toContain('-kept')
  })

  test('a client that reconnects misses nothing, and still gets no hidden rows', async () => {
    const crateId = await rig.makeCrate()
    const { client, snapshot } = await rig.follow(MEMBER, crateId)
    await client.close()
    await rig.thing(crateId, 'diary-kept', { secret: true })
    await rig.thing(crateId, 'Rope')
    const reconnected = await rig.open(MEMBER)
    reconnected.subscribe(crateId, sinceOf(snapshot))
    expect(await reconnected.first('resumed')).toMatchObject({ seq: 4 })
    expect(reconnected.of('changes').map(({ seq }) => seq)).toEqual([4])
    expect(reconnected.of('snapshot')).toEqual([])
    await until(() => reconnected.of('presence')[0])
    expect(JSON.stringify(reconnected.frames)).not.toContain('-kept')
    await rig.thing(crateId, 'Bell')
    await until(() => reconnected.of('changes').length === 2)
  })

  test('a client with an impossible number or an outdated view reloads', async () => {
    const crateId = await rig.makeCrate()
    const { snapshot } = await rig.follow(MEMBER, crateId)
    const current = sinceOf(snapshot)
    for (const since of [
      { ...current, seq: current.seq + 1000 },
      { ...current, view: 'other' },
      { ...current, epoch: 'other' },
      { seq: current.seq, view: current.view },
      { seq: current.seq },
    ]) {
      const client = await rig.open(MEMBER)
      client.subscribe(crateId, since)
      expect(await client.first('reset')).toEqual({ type: 'reset', space: 'crate', id: crateId })
      client.subscribe(crateId)
      await client.first('snapshot')
    }
  })

  test('a client that is too far behind reloads', async () => {
    const crateId = await rig.makeCrate()
    const { snapshot, client } = await rig.follow(MEMBER, crateId)
    await client.close()
    await rig.parts.database.kysely
      .updateTable('spaces')
      .set({ seq: 5000 })
      .where('space', '=', 'crate')
      .where('id', '=', crateId)
      .execute()
    const reconnected = await rig.open(MEMBER)
    reconnected.subscribe(crateId, sinceOf(snapshot))
    await reconnected.first('reset')
  })

  test('unsubscribing ends the changes, and subscribing twice delivers them once', async () => {
    const crateId = await rig.makeCrate()
    const { client } = await rig.follow(MEMBER, crateId)
    client.subscribe(crateId)
    await until(() => client.of('snapshot').length === 2)
    await rig.thing(crateId, 'Rope')
    await until(() => client.of('changes').length)
    client.send({ type: 'unsubscribe', space: 'crate', id: crateId })
    client.subscribe(MEMBER, {}, 'user')
    await until(() => client.of('snapshot').length === 3)
    await rig.thing(crateId, 'Bell')
    await rig.run(create_memo, { text: 'call Ana' }, MEMBER)
    await until(() => client.of('changes').some(({ space }) => space === 'user'))
    expect(client.of('changes').map(({ space }) => space)).toEqual(['crate', 'user'])
  })

  test('a person’s own rows reach only that person', async () => {
    const [mine, other] = [await rig.open(OWNER), await rig.open(MEMBER)]
    mine.subscribe(OWNER, {}, 'user')
    other.subscribe(MEMBER, {}, 'user')
    await Promise.all([mine.first('snapshot'), other.first('snapshot')])
    await rig.run(create_memo, { text: 'call Cleo' })
    await until(() => mine.of('changes').length)
    await rig.run(create_memo, { text: 'call Dana' }, MEMBER)
    await until(() => other.of('changes').length)
    expect(JSON.stringify(mine.frames)).not.toContain('Dana')
    expect(JSON.stringify(other.frames)).not.toContain('Cleo')
  })
})
