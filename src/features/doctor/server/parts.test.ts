import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Message } from '../../../core/declare/message.ts'
import { judgeAddress } from './checks/address.ts'
import { clocks } from './checks/clock.ts'
import * as directives from './directives.ts'
import { failed, fine, merged, note } from './findings.ts'
import { reportOf } from './report.ts'

describe('an address', () => {
  const judged = (base: string, addresses: string[] = [], more: { configured?: boolean; openedAt?: string } = {}) =>
    judgeAddress({ base, addresses, configured: more.configured ?? true, openedAt: more.openedAt ?? null }).map(
      ({ outcome, title }) => `${outcome}: ${title.text}`,
    )

  test.each([
    ['https://trek.example.org', ['93.184.216.34'], /^ok: APP_URL is a public address with https$/],
    ['https://trek.example.org:8443', ['2606:2800:220:1::1'], /^ok/],
    // A name that does not resolve here may still resolve elsewhere.
    ['https://trek.example.org', [], /^ok/],
    [
      'http://trek.example.org',
      ['93.184.216.34'],
      /^failed: APP_URL is http: passwords and tokens are sent unencrypted/,
    ],
    ['http://93.184.216.34', [], /^failed: APP_URL is http/],
    ['https://trek.example.org', ['192.168.1.5'], /^note: APP_URL leads into your own network/],
    ['https://trek.example.org', ['100.64.3.4'], /^note: APP_URL leads into your own network/],
    ['https://trek.fritz.box', [], /^note: APP_URL leads into your own network/],
    ['http://trek.lan', [], /^note: APP_URL is http and inside your own network/],
    ['http://trek', [], /^note: APP_URL is http and inside/],
    ['http://192.168.1.5:3000', [], /^note: APP_URL is http and inside/],
    ['http://[fd00::5]:3000', [], /^note: APP_URL is http and inside/],
    ['http://localhost:3000', ['127.0.0.1', '::1'], /^note: APP_URL names this machine/],
    ['http://127.0.0.1:3000', [], /^note: APP_URL names this machine/],
  ])('%s that resolves to %j', (base, addresses, expectedTitles) => {
    expect(judged(base, addresses)).toEqual([expect.stringMatching(expectedTitles)])
  })

  test('that is not set defaults to this machine', () => {
    expect(judged('http://localhost:3000', [], { configured: false })).toEqual([
      'note: APP_URL is not set, so only programs on this very machine can connect',
    ])
  })

  test('gets a note if the browser shows another one', () => {
    const base = 'https://trek.example.org'
    expect(judged(base, [], { openedAt: base })).toHaveLength(1)
    expect(judged(base, [], { openedAt: 'http://10.0.0.3:3000' })).toContain(
      'note: You have opened TREK at another address than APP_URL',
    )
  })
})

test('differing clocks are reported with their difference', () => {
  const server = new Date('2027-04-05T12:00:00.000Z')
  const titles = (proxy: string | undefined, caller: string | undefined) =>
    clocks({ server, proxy, caller }).map(({ title }) => title.text)
  expect(titles('Mon, 05 Apr 2027 12:00:20 GMT', '2027-04-05T11:59:30.000Z')).toEqual(['The clocks agree'])
  expect(titles(undefined, 'nonsense')).toEqual(['The clocks agree'])
  expect(titles('Mon, 05 Apr 2027 12:01:10 GMT', '2027-04-05T10:00:00.000Z')).toEqual([
    'The clocks of this server and the reverse proxy differ by about a minute',
    'The clocks of this server and your own device differ by about 120 minutes',
  ])
})

/** A message with this text. */
const testMessage = (text: string): Message => ({ key: 'test.said', params: {}, text })

describe('findings', () => {
  const wall = (check: 'challenge' | 'session', suffers: readonly ('claude' | 'cursor')[]) =>
    failed(check, {
      title: testMessage(`${check} met a wall`),
      saw: testMessage(`${check} saw it.`),
      fix: testMessage('Take it away.'),
      suffers,
      cause: 'wall',
    })

  test('are listed with the worst first, and those of one cause only once', () => {
    const findings = merged([
      fine('reach', testMessage('It answers'), testMessage('GET / answers 200.')),
      note('sender', { title: testMessage('Nobody is believed'), saw: testMessage('x'), fix: testMessage('y') }),
      wall('session', ['cursor']),
      wall('challenge', ['claude']),
    ])
    expect(findings.map(({ title }) => title.text)).toEqual([
      'challenge met a wall',
      'Nobody is believed',
      'It answers',
    ])
    expect(findings[0]).toMatchObject({
      saw: { text: 'challenge saw it. session saw it.' },
      suffers: ['claude', 'cursor'],
    })
  })

  test('are summarised in one line', () => {
    const summaryOf = (...findings: Parameters<typeof merged>[0]) =>
      reportOf({
        base: 'https://trek.example.org',
        started: new Date(),
        proxy: null,
        found: merged(findings),
        complete: true,
      }).says
    expect(summaryOf(fine('reach', testMessage('It answers'), testMessage('')))).toBe(
      'Everything works: all 8 known programs can connect.',
    )
    expect(summaryOf(wall('session', ['cursor']))).toBe('One problem keeps 1 of 8 known programs from connecting.')
    expect(summaryOf({ ...wall('session', ['cursor']), partly: true })).toBe(
      'Everybody can connect, but one problem keeps something from working.',
    )
    expect(summaryOf(note('sender', { title: testMessage('x'), saw: testMessage(''), fix: testMessage('') }))).toBe(
      'Everybody can connect. One thing could be better.',
    )
    expect(
      summaryOf(
        note('addon', {
          title: testMessage('x'),
          saw: testMessage(''),
          fix: testMessage(''),
          suffers: ['claude', 'chatgpt'],
        }),
      ),
    ).toBe('6 of 8 known programs can connect.')
  })
})

test('the advice for proxies is in the page about them', () => {
  const page = readFileSync(new URL('../../../../docs/reverse-proxy.md', import.meta.url), 'utf8')
  const { HOST, FORWARDED, upgrade, streams, TIMEOUTS, BODY_SIZE, upstream } = directives
  const at = 'https://example.org/trek'
  const lines = [HOST, FORWARDED, upgrade(at), streams(at), TIMEOUTS, BODY_SIZE, upstream(at)]
    .flatMap((all) => all.filter(({ proxy }) => proxy === 'nginx'))
    .flatMap((one) => one.lines.split('\n'))
    .filter((line) => line.trim() && !line.startsWith('#'))
  expect(lines.length).toBeGreaterThan(10)
  expect(lines.filter((line) => !page.includes(line.trim()))).toEqual([])
})
