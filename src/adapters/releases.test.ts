import { afterEach, beforeEach, expect, test } from 'vitest'
import { ReleaseHost } from '../../test/harness/network/release-host.ts'
import { createHttpClient } from './http/client.ts'
import { isNewer, noReleases, type Releases, releaseIn, releasesOf } from './releases.ts'

const HOUR_MS = 3600_000

let host: ReleaseHost
let currentTime: number
let releases: Releases
beforeEach(async () => {
  host = await ReleaseHost.start()
  currentTime = 0
  releases = releasesAt()
})
afterEach(() => host.stop())

const releasesAt = (releasesUrl: string | null = host.url, running = '1.2.3') =>
  releasesOf({ releasesUrl }, createHttpClient({ allowInternalNetwork: false }), running, () => currentTime)

test.each([
  ['1.2.4', '1.2.3'],
  ['1.10.0', '1.9.9'],
  ['2.0.0', '1.99.99'],
  ['v1.3.0', '1.2.3'],
  ['1.2.3', '1.2.3-rc.1'],
  ['1.2.3-rc.10', '1.2.3-rc.9'],
  ['1.2.3-rc.1', '1.2.3-beta.2'],
])('%s is newer than %s, and not the reverse', (newer, older) => {
  expect([isNewer(newer, older), isNewer(older, newer), isNewer(newer, newer)]).toEqual([true, false, false])
})

test.each([
  ['the same version with another build', '1.2.3+20270101'],
  ['a prerelease of the running version', '1.2.3-rc.1'],
  ['a prerelease of a later version', '2.0.0-rc.1'],
  ['nothing', ''],
  ['a word', 'latest'],
  ['half a version', '2.0'],
  ['a version with a fourth number', '9.9.9.9'],
  ['a number that is too large', '99999999999999999999.0.0'],
  ['a very long text', `9.9.9-${'9'.repeat(100_000)}`],
  ['a script', '9.9.9<script>alert(1)</script>'],
])('%s is not newer', (_, version) => {
  expect(isNewer(version, '1.2.3')).toBe(false)
})

test('answers are read in the format of GitHub and in that documented by TREK', () => {
  const github = {
    tag_name: 'v0.2.0',
    html_url: 'https://github.com/o/r/releases/tag/v0.2.0',
    assets: [],
    body: 'Much',
  }
  expect(releaseIn(github)).toEqual({ version: '0.2.0', url: 'https://github.com/o/r/releases/tag/v0.2.0' })
  expect(releaseIn({ version: '0.2.0', url: 'http://trek.lan/0.2.0' })).toEqual({
    version: '0.2.0',
    url: 'http://trek.lan/0.2.0',
  })
  expect(releaseIn({ version: '0.2.0' })).toEqual({ version: '0.2.0', url: null })
})

test.each([
  ['another scheme', 'javascript:alert(1)'],
  ['another scheme in disguise', ' \u0001java\nscript:alert(1)'],
  ['data', 'data:text/html,<script>alert(1)</script>'],
  ['a file', 'file:///etc/passwd'],
  ['a password', 'https://github.com:x@evil.example/'],
  ['only a path', '/releases'],
  ['too many characters', `https://example.org/${'a'.repeat(5000)}`],
  ['another type', { href: 'https://example.org' }],
])('a link with %s is omitted', (_, url) => {
  expect(releaseIn({ version: '9.9.9', url })).toEqual({ version: '9.9.9', url: null })
})

test.each([
  ['nothing', null],
  ['a list', [{ version: '9.9.9' }]],
  ['a number', { version: 9 }],
  ['no version', { tag_name: 'nightly' }],
  ['an error of GitHub', { message: 'Not Found', status: '404' }],
])('%s is not a release', (_, body) => {
  expect(releaseIn(body)).toBeNull()
})

test('returns the newer release, or that there is none', async () => {
  host.answers({ tag_name: 'v1.3.0', html_url: 'https://example.org/1.3.0' })
  expect(await releases.look()).toEqual({
    state: 'newer',
    release: { version: '1.3.0', url: 'https://example.org/1.3.0' },
  })
  expect(await releasesAt(host.url, '1.3.0').look()).toEqual({ state: 'newest' })
  expect(await releasesAt(host.url, '1.4.0-beta.1').look()).toEqual({ state: 'newest' })
  expect(host.requests).toEqual(['/latest', '/latest', '/latest'])
})

test('makes no request if no address is set', async () => {
  expect(await releasesAt(null).look()).toEqual({ state: 'not_asked' })
  expect(await noReleases.look()).toEqual({ state: 'not_asked' })
  expect(host.requests).toEqual([])
})

test('makes one request a day for all callers', async () => {
  host.answers({ version: '1.2.3' })
  await Promise.all([releases.look(), releases.look()])
  currentTime = 24 * HOUR_MS - 1
  host.answers({ version: '1.2.4' })
  expect(await releases.look()).toEqual({ state: 'newest' })
  expect(host.requests).toHaveLength(1)
  currentTime = 24 * HOUR_MS
  expect(await releases.look()).toMatchObject({ state: 'newer' })
  expect(host.requests).toHaveLength(2)
})

test('retries an hour after a failure, not at each call', async () => {
  host.sends('oops', 500)
  expect(await releases.look()).toEqual({ state: 'unknown', problem: `${host.host} answered with an error (500)` })
  host.answers({ version: '1.2.4' })
  currentTime = HOUR_MS - 1
  expect(await releases.look()).toMatchObject({ state: 'unknown' })
  expect(host.requests).toHaveLength(1)
  currentTime = HOUR_MS
  expect(await releases.look()).toMatchObject({ state: 'newer' })
})

test('explains an invalid answer', async () => {
  const problemOf = async () => {
    const answer = await releasesAt().look()
    return answer.state === 'unknown' ? answer.problem : answer
  }
  const hostName = host.host
  host.sends('{}', 404)
  expect(await problemOf()).toBe(`${hostName} answered with an error (404)`)
  host.sends('<!doctype html><title>Log in</title>', 200, { 'content-type': 'text/html' })
  expect(await problemOf()).toBe(`${hostName} answered with something that cannot be read`)
  host.answers({ version: '9.9.9', notes: 'x'.repeat(600 * 1024) })
  expect(await problemOf()).toBe(`${hostName} answered with more than 512 KB`)
  host.sends('['.repeat(500_000))
  expect(await problemOf()).toBe(`${hostName} answered with something that cannot be read`)
  host.answers({ version: 'newest' })
  expect(await problemOf()).toBe(`${hostName} does not answer with a version`)
  host.sends('', 302, { location: host.url })
  expect(await problemOf()).toBe(`${hostName} redirects from one address to the next without end`)
})

test('a redirect into the network of the server is refused', async () => {
  const inside = await ReleaseHost.start({ version: '9.9.9' })
  for (const location of [inside.url, inside.url.replace('127.0.0.1', 'localhost'), 'http://169.254.169.254/latest']) {
    host.sends('', 302, { location })
    expect(await releasesAt().look()).toEqual({
      state: 'unknown',
      problem: `${new URL(location).hostname} is not an address on the public internet`,
    })
  }
  expect(inside.requests).toEqual([])
  await inside.stop()
})

test('an unreachable host is reported', async () => {
  const stopped = await ReleaseHost.start()
  const url = stopped.url
  await stopped.stop()
  expect(await releasesAt(url).look()).toMatchObject({
    state: 'unknown',
    problem: expect.stringMatching(/could not be reached$/),
  })
})
