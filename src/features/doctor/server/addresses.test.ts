import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ENGINES, type Place } from '../../../../test/harness/database/databases.ts'
import { makeCertificate } from '../../../../test/harness/network/certificate.ts'
import {
  ALL_BUT_THE_APP,
  EVERYBODY,
  NAME,
  type Site,
  startSite,
  troubles,
} from '../../../../test/harness/network/proxied-server.ts'
import { type ReverseProxy, startProxy } from '../../../../test/harness/network/proxy.ts'
import { INSTANCE } from '../../../core/data/space.ts'
import { setAddon } from '../../../core/run/settings.ts'
import { mcpAddon } from '../../../transports/mcp/addon.ts'

describe('the doctor reports', () => {
  let place: Place
  let site: Site
  let plainProxy: ReverseProxy
  beforeAll(async () => {
    place = await (ENGINES[0] as (typeof ENGINES)[number]).place()
    site = await startSite(place.target, { TRUST_PROXY: 'false' })
    plainProxy = await startProxy(site.running.url)
  })
  afterAll(async () => {
    await plainProxy.close()
    await site.close()
    await place.remove()
  })

  test('that no proxy is trusted', async () => {
    expect(troubles(await site.examine())).toMatchObject([
      {
        check: 'sender',
        outcome: 'note',
        title: 'TRUST_PROXY is not set, so all people share the address of the proxy',
        fix: expect.stringContaining('Set TRUST_PROXY=127.0.0.1 and restart TREK'),
      },
    ])
  })

  test('a server that was started with another address', async () => {
    const at = site.base.replace(NAME, 'www.example.org')
    const certificateForBoth = await makeCertificate(['www.example.org'])
    const front = await startProxy(site.running.url, {}, certificateForBoth)
    const report = await site.examine(at.replace(/\d+$/, new URL(front.url).port), certificateForBoth.cert)
    await front.close()
    expect(troubles(report)).toMatchObject([
      { check: 'instance', title: 'The server that answers at APP_URL was started with another APP_URL' },
    ])
  })

  test('assistants that are switched off, and sends them no requests', async () => {
    const { database } = site.running
    const turn = async (on: boolean) => {
      await database.write(INSTANCE, (tx) => setAddon(tx, mcpAddon, on))
      await database.notifier.publish('instance:0')
    }
    await turn(false)
    const report = await site.examine()
    await turn(true)
    expect(troubles(report).map(({ check, outcome }) => [check, outcome])).toEqual([
      ['addon', 'note'],
      ['sender', 'note'],
    ])
    expect(troubles(report)[0]).toMatchObject({
      suffers: ALL_BUT_THE_APP,
      fix: expect.stringContaining('addon enable mcp'),
    })
  })

  test.each([
    ['has expired', NAME, -1, 'The certificate has expired', /Renew it/],
    ['is for another name', 'other.example.org', 90, /for another name than trek\.example\.org/, /names trek/],
    ['is trusted by nobody', NAME, 90, /not made by an authority/, /Let’s Encrypt/],
  ] as [string, string, number, string | RegExp, RegExp][])(
    'a certificate that %s',
    async (what, name, days, title, fix) => {
      const certificate = await makeCertificate([name], days)
      const front = await startProxy(site.running.url, {}, certificate)
      const at = `https://${NAME}:${new URL(front.url).port}`
      const trusted = what === 'is trusted by nobody' ? await makeCertificate([NAME]) : certificate
      const report = await site.examine(at, trusted.cert)
      await front.close()
      expect(troubles(report)).toMatchObject([
        { check: 'reach', title: expect.stringMatching(title), fix: expect.stringMatching(fix), suffers: EVERYBODY },
      ])
    },
  )

  test('a certificate that expires soon', async () => {
    const certificate = await makeCertificate([NAME], 3)
    const front = await startProxy(site.running.url, {}, certificate)
    const report = await site.examine(`https://${NAME}:${new URL(front.url).port}`, certificate.cert)
    await front.close()
    expect(troubles(report).map(({ title }) => title)).toContain('The certificate ends within a week')
  })

  test('an address where nothing listens, or that does not speak https', async () => {
    const stoppedProxy = await startProxy(site.running.url)
    await stoppedProxy.close()
    const [refused] = troubles(await site.examine(stoppedProxy.url.replace('localhost', NAME)))
    expect(refused).toMatchObject({ check: 'reach', title: expect.stringMatching(/^Nothing listens at/) })
    const [spoken] = troubles(await site.examine(plainProxy.url.replace('http://localhost', `https://${NAME}`)))
    expect(spoken).toMatchObject({ check: 'reach', title: expect.stringMatching(/does not speak https/) })
  })

  test('a proxy that cannot reach the server, or redirects to https', async () => {
    const front = await startProxy('http://127.0.0.1:1')
    const at = front.url.replace('localhost', NAME)
    const [proxyFinding] = troubles(await site.examine(at))
    expect(proxyFinding).toMatchObject({ check: 'instance', title: 'The proxy cannot reach TREK' })
    front.use({ redirects: 'https' })
    const [redirectFinding] = troubles(await site.examine(at))
    expect(redirectFinding).toMatchObject({
      fix: expect.stringContaining(`Set APP_URL=${at.replace('http:', 'https:')}`),
    })
    await front.close()
  })
})
