import { beforeAll, describe, expect, test } from 'vitest'
import { connectAssistant, ERAS } from '../../../../test/harness/assistant.ts'
import {
  type Browser,
  beginConsent,
  browserOf,
  decide,
  newVerifier,
  Program,
} from '../../../../test/harness/rigs/oauth.ts'
import { eachRunning, type Person } from '../../../../test/harness/rigs/running.ts'
import { until } from '../../../../test/harness/until.ts'
import { create_oauth_client, list_oauth_grants } from '../../contract/oauth.ts'

/** The audit entries of programs that register, connect, are refused and end. */

eachRunning((running) => {
  let ana: Person
  let browser: Browser
  let userId: number
  let programs = 0

  beforeAll(async () => {
    ana = await running().person('Ana')
    browser = await browserOf(running(), ana)
    userId = ana.caller.userId
  })

  const registered = () => new Program(running().url).register({ client_name: `Program ${++programs}` })

  async function machine(name: string) {
    const input = { name, scopes: ['trips:read'], machine: true }
    const created = await running().pipeline.run(create_oauth_client, input, { ...ana.caller, way: 'web' })
    return Object.assign(new Program(running().url), {
      clientId: created.client.client_id,
      secret: created.client_secret,
    })
  }

  async function grantOf({ clientId }: Program) {
    const { grants } = await running().pipeline.run(list_oauth_grants, {}, ana.caller)
    return `grant:${grants.find((grant) => grant.client_id === clientId)?.id}`
  }

  /** Waits for this many entries of a program and returns them: event, outcome, user, grant. */
  async function auditRows(client: string, count: number) {
    const rows = () =>
      running().database.kysely.selectFrom('audit').selectAll().where('client', '=', client).orderBy('id').execute()
    await until(async () => (await rows()).length >= count, 5000, `${count} entries of ${client}`)
    const auditEntries = await rows()
    for (const { way, ip_address, event } of auditEntries) {
      const byProgram = /^oauth_(?!consent)/.test(event)
      expect([event, way, ip_address]).toEqual([
        event,
        byProgram ? 'oauth' : expect.any(String),
        event.startsWith('oauth_') ? '127.0.0.1' : null,
      ])
    }
    return auditEntries.map(({ event, outcome, user_id, grant_id }) => [event, outcome, user_id, grant_id])
  }

  describe('for a program', () => {
    test('connecting, tool calls and the end are logged, each with its owner and grant', async () => {
      const program = await registered()
      const tokens = await program.connect(browser)
      const grant = await grantOf(program)
      for (const era of ERAS) {
        const { client, close } = await connectAssistant(running().url, tokens.access_token, era)
        await client.callTool({ name: 'list_trips', arguments: {} })
        // In the newer revision a missing scope is an error, not an answer of the tool.
        await client.callTool({ name: 'create_trip', arguments: { title: 'Kyoto in secret' } }).catch(() => {})
        await close()
      }
      const refreshed = (await (await program.refresh(tokens.refresh_token as string)).json()) as typeof tokens
      await program.post({ token: refreshed.access_token }, '/oauth/revoke')
      expect(await auditRows(`Program ${programs}`, 6)).toEqual([
        ['oauth_register', 'ok', null, null],
        ['oauth_consent', 'ok', userId, grant],
        ['oauth_token', 'ok', userId, grant],
        ['oauth_refresh', 'ok', userId, grant],
        ['access_ended', 'ok', userId, grant],
        ['oauth_revoke', 'ok', userId, grant],
      ])
      const toolsOf = () =>
        running()
          .database.kysely.selectFrom('audit')
          .select(['event', 'outcome', 'user_id', 'client', 'ip_address'])
          .select(({ fn }) => fn.sum('count').as('count'))
          .where('way', '=', 'mcp')
          .where('grant_id', '=', grant)
          .groupBy(['event', 'outcome', 'user_id', 'client', 'ip_address'])
          .orderBy('event')
          .execute()
      // Counted calls are written later.
      await until(async () => (await toolsOf()).length === 2, 10_000)
      const tools = (await toolsOf()).map((row) => ({ ...row, count: Number(row.count) }))
      const client = `Program ${programs} (calls itself "Test Assistant")`
      const call = { user_id: userId, client, ip_address: null, count: 2 }
      expect(tools).toEqual([
        { event: 'create_trip', outcome: 'forbidden', ...call },
        { event: 'list_trips', outcome: 'ok', ...call },
      ])
    })

    test('that was denied, or named a wrong address, only that is logged', async () => {
      const program = await registered()
      await decide(browser, await beginConsent(browser, program.authorizeUrl(newVerifier())), false)
      await browser.fetch(program.authorizeUrl(newVerifier(), { redirect_uri: 'http://127.0.0.1/other' }))
      expect(await auditRows(`Program ${programs}`, 3)).toEqual([
        ['oauth_register', 'ok', null, null],
        ['oauth_consent', 'denied', userId, null],
        ['oauth_authorize', 'invalid_redirect_uri', null, null],
      ])
    })

    test('with invalid credentials, their owner is logged', async () => {
      const program = await registered()
      const verifier = newVerifier()
      const { code } = await program.consent(browser, verifier)
      const grant = await grantOf(program)
      await program.exchange(code, newVerifier())
      await program.exchange(code, verifier)
      await program.exchange(code, verifier)
      await program.refresh('trekrf_nothing')
      await program.post({ grant_type: 'constructor' })
      expect(await auditRows(`Program ${programs}`, 9)).toEqual([
        ['oauth_register', 'ok', null, null],
        ['oauth_consent', 'ok', userId, grant],
        ['oauth_token', 'invalid_grant', userId, grant],
        ['oauth_token', 'ok', userId, grant],
        ['access_ended', 'ok', userId, grant],
        ['oauth_replay', 'invalid_grant', userId, grant],
        ['oauth_token', 'invalid_grant', userId, grant],
        ['oauth_refresh', 'invalid_grant', null, null],
        ['oauth_token', 'unsupported_grant_type', null, null],
      ])
    })
  })

  describe('for a machine', () => {
    test('its owner and its grant are named, on success and on refusal', async () => {
      const program = await machine('Night job')
      const grant = await grantOf(program)
      const { access_token } = (await (await program.post({ grant_type: 'client_credentials' })).json()) as {
        access_token: string
      }
      await program.post({ grant_type: 'client_credentials', client_secret: 'trekcs_wrong' })
      await program.post({ token: access_token }, '/oauth/revoke')
      await program.post({ token: access_token, client_secret: 'trekcs_wrong' }, '/oauth/introspect')
      expect(await auditRows('Night job', 4)).toEqual([
        ['oauth_machine', 'ok', userId, grant],
        ['oauth_machine', 'invalid_client', userId, null],
        ['oauth_revoke', 'ok', userId, grant],
        ['oauth_introspect', 'invalid_client', userId, null],
      ])
    })
  })

  test('the id of an unknown program is logged, unless it is a secret sent as an id', async () => {
    const program = Object.assign(new Program(running().url), { clientId: 'V1StGXR8_Z5jdHi6B-myT' })
    await program.refresh('trekrf_nothing')
    expect(await auditRows('V1StGXR8_Z5jdHi6B-myT', 1)).toEqual([['oauth_refresh', 'invalid_client', null, null]])
    const secret = 'trekcs_'.padEnd(71, 'a')
    await Object.assign(program, { clientId: secret }).refresh('trekrf_nothing')
    const basic = `Basic ${Buffer.from(`${secret}:x`).toString('base64')}`
    await fetch(`${running().url}/oauth/token`, {
      method: 'POST',
      headers: { authorization: basic },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    })
    const refused = async () =>
      (await running().database.kysely.selectFrom('audit').selectAll().where('client', 'is', null).execute())
        .filter(({ way }) => way === 'oauth')
        .map(({ event, outcome }) => [event, outcome])
    await until(async () => (await refused()).length >= 2)
    expect(await refused()).toEqual([
      ['oauth_refresh', 'invalid_client'],
      ['oauth_machine', 'invalid_client'],
    ])
    const auditText = JSON.stringify(await running().database.kysely.selectFrom('audit').selectAll().execute())
    expect(auditText).not.toMatch(/trek(cs|rf|oa)_|Kyoto/)
  })
})
