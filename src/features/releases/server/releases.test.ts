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
  let knownReleases: Known
  let lookCount = 0
  beforeAll(async () => {
    const look = async () => {
      lookCount++
      return knownReleases
    }
    world = makeWorld(database(), { ...services, releases: { look } })
    ana = await makeUser(database(), 'Ana')
    root = await makeUser(database(), 'Root', { admin: true })
  })

  test('every user sees the running version', async () => {
    expect(await world.run(get_version, {}, ana)).toEqual({ version })
    expect(lookCount).toBe(0)
  })

  test('an administrator sees the known newer releases', async () => {
    const watcher = await world.watch({ space: 'user', id: root.userId }, root)
    const release = { version: '9.9.9', url: 'https://example.org/9.9.9' }
    const noRelease = { version, release: null, problem: null }
    const versionWith = async (one: Known) => {
      knownReleases = one
      return world.run(find_newer_release, {}, root)
    }
    expect(await versionWith({ state: 'newer', release })).toEqual({ ...noRelease, state: 'newer', release })
    expect(await versionWith({ state: 'newest' })).toEqual({ ...noRelease, state: 'newest' })
    expect(await versionWith({ state: 'not_asked' })).toEqual({ ...noRelease, state: 'not_asked' })
    const problem = 'example.org did not answer in time'
    expect(await versionWith({ state: 'unknown', problem })).toEqual({ ...noRelease, state: 'unknown', problem })
    expect(watcher.lines).toEqual([])
    watcher.stop()
  })

  test('other users see no newer releases, and cause no request of the server', async () => {
    const before = lookCount
    await expect(world.run(find_newer_release, {}, ana)).rejects.toMatchObject({ code: 'forbidden' })
    expect(lookCount).toBe(before)
  })
})
