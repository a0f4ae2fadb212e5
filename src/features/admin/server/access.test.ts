import { beforeAll, describe, expect, test } from 'vitest'
import { bearer, call, initialize, openStream, post, reading } from '../../../../test/harness/mcp/wire.ts'
import { type Browser, browserOf, Program } from '../../../../test/harness/rigs/oauth.ts'
import { eachRunning, type Person, type Running } from '../../../../test/harness/rigs/running.ts'
import { makeWorldOf } from '../../../../test/harness/rigs/world.ts'
import { until } from '../../../../test/harness/until.ts'
import type { Caller } from '../../../core/data/space.ts'
import { create_oauth_client, list_oauth_grants } from '../../../identity/contract/oauth.ts'
import { create_trip } from '../../trips/contract/index.ts'
import {
  delete_any_oauth_client,
  list_all_oauth_clients,
  list_all_oauth_grants,
  list_all_static_tokens,
  list_audit,
  revoke_any_oauth_grant,
  revoke_any_static_token,
} from '../contract/index.ts'

eachRunning((running) => {
  let ana: Person
  let ben: Person
  let root: Person
  let anas: Browser
  let bens: Browser
  let admin: Caller
  let mcp: URL

  beforeAll(async () => {
    mcp = new URL(`${running().url}/mcp`)
    ana = await running().person('Ana')
    ben = await running().person('Ben')
    root = await running().person('Root', 'admin')
    anas = await browserOf(running(), ana)
    bens = await browserOf(running(), ben)
    admin = { ...root.caller, way: 'web', grant: 'session:1' }
  })

  const run: Running['pipeline']['run'] = (operation, input, caller) => running().pipeline.run(operation, input, caller)
  const registered = (client_name: string) => new Program(running().url).register({ client_name })
  const grantNamed = async (search: string) => (await run(list_all_oauth_grants, { search }, admin)).grants
  const codeOf = (call: Promise<unknown>) =>
    call.then(
      () => 'ok',
      (error) => error.code,
    )
  const opens = async (token: string) => (await post(mcp, call('ping'), bearer(token))).status

  /** A session of an assistant with its stream open. */
  async function session(token: string) {
    const id = await initialize(mcp, token)
    const stream = reading(await openStream(mcp, token, id))
    return {
      stream,
      async expectOver() {
        await until(() => stream.ended, 5000, 'the end of the stream')
        expect((await post(mcp, call('ping'), bearer(token, id))).status).toBe(401)
      },
    }
  }

  /** Runs the work while a person's screen is open; returns the messages to the screen. */
  async function heardBy({ caller }: Person, work: () => Promise<unknown>) {
    const watcher = await makeWorldOf(running()).watch({ space: 'user', id: caller.userId }, caller)
    await work()
    await until(() => watcher.lines.length, 5000, 'the news')
    watcher.stop()
    return watcher.lines
  }

  /** Waits for the audit entry of this event, and returns the latest. */
  const auditOf = (event: string, { caller }: Person, client?: string) =>
    until(
      async () => {
        const filter = { user_id: caller.userId, event, limit: 1, ...(client && { client }) }
        return (await run(list_audit, filter, admin)).entries[0]
      },
      5000,
      event,
    )

  describe('the access of programs', () => {
    test('is listed completely, with its owner and its use, and without a secret', async () => {
      const program = await registered('Overview')
      const tokens = await program.connect(anas)
      const machineFields = { name: 'Overview machine', scopes: ['trips:write'], machine: true }
      const created = await run(create_oauth_client, machineFields, { ...ben.caller, way: 'web' })
      const [own] = (await run(list_oauth_grants, {}, ana.caller)).grants
      const assistant: Caller = { ...ana.caller, way: 'mcp', client: 'Overview', grant: `grant:${own?.id}` }
      await run(create_trip, { title: 'Kyoto' }, assistant)
      await post(mcp, call('ping'), bearer(tokens.access_token))

      const { grants } = await run(list_all_oauth_grants, { search: 'OVERVIEW' }, admin)
      const person = ({ caller, username, name }: Person) => ({ user_id: caller.userId, username, name })
      expect(grants.map(({ kind, client_name, user, scopes }) => ({ kind, client_name, user, scopes }))).toEqual([
        { kind: 'machine', client_name: 'Overview machine', user: person(ben), scopes: ['trips:write'] },
        { kind: 'consent', client_name: 'Overview', user: person(ana), scopes: ['trips:read', 'places:read'] },
      ])
      // Creating the trip also writes its owner and its seven days.
      expect(grants.map(({ changes }) => changes)).toEqual([0, expect.any(Number)])
      expect(grants[1]?.changes).toBeGreaterThan(1)
      await until(async () => (await grantNamed('overview')).some(({ last_used_at }) => last_used_at !== null))

      const { clients } = await run(list_all_oauth_clients, { search: 'overview' }, admin)
      expect(clients).toMatchObject([
        { id: created.client.client_id, source: 'settings', owner: person(ben), redirect_hosts: [], grants: 1 },
        {
          id: program.clientId,
          source: 'registered',
          owner: null,
          redirect_hosts: ['127.0.0.1:43210'],
          last_used_at: expect.any(String),
          grants: 1,
        },
      ])
      const allTokens = await run(list_all_static_tokens, {}, admin)
      expect(allTokens.tokens.map(({ user }) => user.user_id)).toEqual(
        [root, ben, ana].map(({ caller }) => caller.userId),
      )
      const overviewText = JSON.stringify([grants, clients, allTokens])
      for (const secret of [tokens.access_token, tokens.refresh_token, created.client_secret, ana.token]) {
        expect(overviewText).not.toContain(String(secret).slice(14))
      }
      expect(overviewText).not.toMatch(/hash|secret|metadata/)
    })

    test('is searched by user and read page by page', async () => {
      await (await registered('Paged one')).connect(bens)
      await (await registered('Paged two')).connect(bens)
      const user_id = ben.caller.userId
      const of = { user_id, search: 'paged' }
      expect((await run(list_all_oauth_grants, of, admin)).grants.map((one) => one.client_name)).toEqual([
        'Paged two',
        'Paged one',
      ])
      const first = await run(list_all_oauth_grants, { ...of, limit: 1 }, admin)
      expect([first.grants.length, first.remaining]).toEqual([1, 1])
      const cursor = first.next_cursor as string
      const rest = await run(list_all_oauth_grants, { ...of, limit: 1, cursor }, admin)
      expect([rest.grants[0]?.client_name, rest.next_cursor]).toEqual(['Paged one', null])
      expect((await run(list_all_oauth_clients, of, admin)).clients).toHaveLength(2)
      expect((await run(list_all_oauth_clients, { ...of, user_id: root.caller.userId }, admin)).clients).toEqual([])
      expect((await run(list_all_static_tokens, { user_id }, admin)).tokens).toMatchObject([{ name: 'laptop' }])
      expect((await run(list_all_static_tokens, { search: 'nobody' }, admin)).tokens).toEqual([])
      expect((await run(list_all_static_tokens, { search: ana.username }, admin)).tokens).toHaveLength(1)
    })
  })

  describe('an administrator revokes', () => {
    test('a grant of another user: the assistant is disconnected at once, and the owner’s screen is notified', async () => {
      const tokens = await (await registered('Ended grant')).connect(anas)
      const open = await session(tokens.access_token)
      const [grant] = await grantNamed('ended grant')
      const grantId = grant?.id as number
      const notifications = await heardBy(ana, () => run(revoke_any_oauth_grant, { grantId }, admin))
      expect(notifications).toEqual(['remove oauth_grant'])
      await open.expectOver()
      expect(await opens(tokens.access_token)).toBe(401)
      expect(await codeOf(run(revoke_any_oauth_grant, { grantId }, admin))).toBe('not_found')
      expect(await auditOf('access_ended', ana, 'Ended grant')).toMatchObject({
        grant_id: `grant:${grantId}`,
        way: 'web',
      })
      expect(await auditOf('revoke_any_oauth_grant', root)).toMatchObject({ kind: 'administration' })
    })

    test('a static token of another user', async () => {
      const cleo = await running().person('Cleo')
      const open = await session(cleo.token)
      const { tokens } = await run(list_all_static_tokens, { user_id: cleo.caller.userId }, admin)
      const tokenId = tokens[0]?.id as number
      const notifications = await heardBy(cleo, () => run(revoke_any_static_token, { tokenId }, admin))
      expect(notifications).toEqual(['remove static_token'])
      await open.expectOver()
      const rest = await fetch(`${running().url}/api/me`, { headers: bearer(cleo.token) })
      expect(rest.status).toBe(401)
      expect(await codeOf(run(revoke_any_static_token, { tokenId }, admin))).toBe('not_found')
      expect(await auditOf('access_ended', cleo, 'laptop')).toMatchObject({ grant_id: `token:${tokenId}` })
    })

    test('a self-registered program: for every user who connected it, and it must register again', async () => {
      const program = await registered('Ended program')
      const tokens = [await program.connect(anas), await program.connect(bens)]
      const open = await Promise.all(tokens.map(({ access_token }) => session(access_token)))
      const other = await (await registered('Other program')).connect(anas)
      const notifications = await heardBy(ben, () =>
        run(delete_any_oauth_client, { client_id: program.clientId }, admin),
      )
      expect(notifications).toEqual(['remove oauth_grant'])
      for (const one of open) await one.expectOver()
      const refused = await program.refresh(tokens[0]?.refresh_token as string)
      expect([refused.status, (await refused.json()).error]).toEqual([401, 'invalid_client'])
      expect(await opens(other.access_token)).toBe(400)
      expect((await run(list_all_oauth_clients, { search: 'ended program' }, admin)).clients).toEqual([])
      expect(await codeOf(run(delete_any_oauth_client, { client_id: program.clientId }, admin))).toBe('not_found')
      expect(await (await registered('Ended program')).connect(anas)).toHaveProperty('access_token')
    })

    test('a program identified by a metadata document, which has no row here', async () => {
      const id = 'https://app.example.org/client.json'
      const at = '2030-01-01T00:00:00.000Z'
      const grant = { kind: 'consent', client_id: id, client_name: 'Documented', resource: `${mcp}`, scopes: '[]' }
      const row = { ...grant, redirect_host: 'app.example.org', created_at: at, last_used_at: null }
      await running()
        .database.kysely.insertInto('oauth_grants')
        .values([ana, ben].map(({ caller }) => ({ ...row, user_id: caller.userId })))
        .execute()
      expect((await run(list_all_oauth_clients, { search: 'documented' }, admin)).clients).toEqual([
        {
          id,
          name: 'Documented',
          source: 'document',
          owner: null,
          redirect_hosts: ['app.example.org'],
          created_at: at,
          last_used_at: null,
          grants: 2,
        },
      ])
      const notifications = await heardBy(ben, () => run(delete_any_oauth_client, { client_id: id }, admin))
      expect(notifications).toEqual(['remove oauth_grant'])
      expect(await grantNamed('documented')).toEqual([])
    })

    test('a program that a user added, with its machine access', async () => {
      const machineFields = { name: 'Ended machine', scopes: ['trips:read'], machine: true }
      const { client, client_secret } = await run(create_oauth_client, machineFields, { ...ben.caller, way: 'web' })
      const program = Object.assign(new Program(running().url), { clientId: client.client_id, secret: client_secret })
      const logIn = () => program.post({ grant_type: 'client_credentials' })
      const { access_token } = (await (await logIn()).json()) as { access_token: string }
      const open = await session(access_token)
      const query = new URLSearchParams({ client_id: client.client_id })
      const answer = await fetch(`${running().url}/api/admin/oauth-clients?${query}`, {
        method: 'DELETE',
        headers: bearer(root.token),
      })
      expect(answer.status).toBe(200)
      await open.expectOver()
      expect((await logIn()).status).toBe(401)
      expect(await auditOf('access_ended', ben, 'Ended machine')).toMatchObject({ way: 'rest' })
    })
  })
})
