import { beforeAll, expect, test } from 'vitest'
import packageJson from '../../../../package.json' with { type: 'json' }
import { eachDatabase } from '../../../../test/harness/database/databases.ts'
import { services } from '../../../../test/harness/network/outside-address.ts'
import { makeUser, makeWorld, type World } from '../../../../test/harness/rigs/world.ts'
import type { Known } from '../../../adapters/releases.ts'
import type { Caller } from '../../../core/data/space.ts'
import { find_newer_release, get_version } from '../contract/index.ts'

eachDatabase((database) => {
  const { version } = packageJson
  let world: World
  let ana: Caller
  let root: Caller
  let known: Known
  let looks = 0
  beforeAll(async () => {
    const look = async () => {
      looks++
      return known
    }
    world = makeWorld(database(), { ...services, releases: { look } })
    ana = await makeUser(database(), 'Ana')
    root = await makeUser(database(), 'Root', { admin: true })
  })

  test('every user sees the running version', async () => {
    expect(await world.run(get_version, {}, ana)).toEqual({ version })
    expect(looks).toBe(0)
  })

  test('an administrator sees the known newer releases', async () => {
    const watcher = await world.watch({ space: 'user', id: root.userId }, root)
    const release = { version: '9.9.9', url: 'https://example.org/9.9.9' }
    const nothing = { version, release: null, problem: null }
    const found = async (one: Known) => {
      known = one
      return world.run(find_newer_release, {}, root)
    }
    expect(await found({ state: 'newer', release })).toEqual({ ...nothing, state: 'newer', release })
    expect(await found({ state: 'newest' })).toEqual({ ...nothing, state: 'newest' })
    expect(await found({ state: 'not_asked' })).toEqual({ ...nothing, state: 'not_asked' })
    const problem = 'example.org did not answer in time'
    expect(await found({ state: 'unknown', problem })).toEqual({ ...nothing, state: 'unknown', problem })
    expect(watcher.lines).toEqual([])
    watcher.stop()
  })

  test('other users neither see them nor make the server ask', async () => {
    const before = looks
    await expect(world.run(find_newer_release, {}, ana)).rejects.toMatchObject({ code: 'forbidden' })
    expect(looks).toBe(before)
  })
})
