import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { forgetFailedAttempts, switchAssistants } from '../../../../test/harness/attacks.ts'
import { Browser, beginConsent, browserOf, newVerifier, Program } from '../../../../test/harness/rigs/oauth.ts'
import { eachRunning, type Person } from '../../../../test/harness/rigs/running.ts'
import { AttemptLimiter } from '../attempt-limiter.ts'
import { RequestLimiter } from './limits.ts'

const HTML = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

eachRunning((running) => {
  let ana: Person
  let program: Program

  beforeAll(async () => {
    ana = await running().person('Ana')
    program = await new Program(running().url).register({ client_name: 'Compass' })
  })

  const toldIn = async (browser: Browser) => {
    const uid = await beginConsent(browser, program.authorizeUrl(newVerifier(), { scope: 'trips:read weather:read' }))
    return (await browser.fetch(`/oauth/consent/${uid}/request`)).json()
  }

  describe('the consent page gets', () => {
    test('only the name of the program until a user is logged in', async () => {
      expect(await toldIn(new Browser(running().url))).toEqual({ program: 'Compass', user: null, asked: null })
    })

    test('then the program, the user and the requested scopes, with their labels', async () => {
      expect(await toldIn(await browserOf(running(), ana))).toEqual({
        program: 'Compass',
        user: { user_id: ana.caller.userId, username: ana.username, name: 'Ana' },
        asked: {
          client: {
            name: 'Compass',
            source: 'registered',
            site: null,
            redirect_host: '127.0.0.1:43210',
            redirect_uri: 'http://127.0.0.1:43210/callback',
            on_this_machine: true,
            unencrypted: false,
          },
          scopes: [
            {
              scope: 'trips:read',
              group: 'Trips',
              label: 'View trips & itineraries',
              tools: expect.arrayContaining([{ name: 'list_trip_members', title: 'List the travellers of a trip' }]),
            },
            { scope: 'weather:read', group: 'Weather', label: 'Weather forecasts', tools: expect.any(Array) },
          ],
          always: [
            { name: 'list_trips', title: 'List trips' },
            { name: 'get_trip_summary', title: 'Get a whole trip' },
            { name: 'read_trip_section', title: 'Read one section of a trip' },
          ],
          fixed: false,
          not_yours: false,
          remembered: false,
          shown: expect.any(String),
        },
      })
    })
  })

  describe('a browser gets a page and a program gets an error', () => {
    afterEach(async () => {
      await switchAssistants(running(), true)
      await forgetFailedAttempts(running())
    })

    const request = (headers: Record<string, string>, path = '/oauth/authorize') =>
      fetch(program.authorizeUrl(newVerifier()).replace('/oauth/authorize', path), { headers, redirect: 'manual' })

    test('if assistants are switched off', async () => {
      await switchAssistants(running(), false)
      for (const path of ['/oauth/authorize', '/authorize']) {
        const page = await request(HTML, path)
        expect([page.status, page.headers.get('location')]).toEqual([303, '/oauth/problem?error=not_found'])
      }
      const answer = await request({ accept: 'application/json' })
      expect([answer.status, (await answer.json()).error]).toEqual([404, 'not_found'])
      const wellKnown = await fetch(`${running().url}/.well-known/oauth-authorization-server`, { headers: HTML })
      expect([wellKnown.status, (await wellKnown.json()).error]).toEqual([404, 'not_found'])
    })

    test('after too many requests from the same network', async () => {
      const limits = new RequestLimiter(new AttemptLimiter(running().database, () => new Date()))
      const takeAll = async (page: string | null) => {
        for (;;) await limits.request({ network: '127.0.0.1', page }, { id: '', isKnown: async () => false })
      }
      for (const from of [null, 'unseen']) await expect(takeAll(from)).rejects.toMatchObject({ code: 'rate_limited' })
      const page = await request(HTML)
      expect([page.status, page.headers.get('location')]).toEqual([303, '/oauth/problem?error=too_many_requests'])
      const answer = await request({ accept: 'application/json' })
      expect([answer.status, (await answer.json()).error]).toEqual([429, 'too_many_requests'])
    })
  })
})
