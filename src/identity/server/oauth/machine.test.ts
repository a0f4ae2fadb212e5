import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import { bearer, call, post, postModern } from '../../../../test/harness/mcp/wire.ts'
import { commandLine, PASSWORD } from '../../../../test/harness/rigs/accounts.ts'
import { Program, type Tokens } from '../../../../test/harness/rigs/oauth.ts'
import { eachRunning, type Person, type Running } from '../../../../test/harness/rigs/running.ts'
import type { Caller } from '../../../core/data/space.ts'
import { delete_user, set_user_password, update_user } from '../../../features/admin/contract/index.ts'
import { create_trip } from '../../../features/trips/contract/index.ts'
import {
  create_oauth_client,
  list_oauth_grants,
  revoke_oauth_grant,
  rotate_oauth_secret,
  update_oauth_client,
} from '../../contract/oauth.ts'

/** Programs that log in by themselves, on behalf of the user who added them. */

eachRunning((running) => {
  let ana: Person
  let mcp: URL

  beforeAll(async () => {
    ana = await running().person('Ana')
    mcp = new URL(`${running().url}/mcp`)
    await running().pipeline.run(create_trip, { title: 'Kyoto' }, ana.caller)
  })

  const run: Running['pipeline']['run'] = (...args) => running().pipeline.run(...args)
  const inApp = ({ caller }: Person): Caller => ({ ...caller, way: 'web' })
  const machineGrants = async (owner: Person) =>
    (await run(list_oauth_grants, {}, owner.caller)).grants.filter(({ kind }) => kind === 'machine')

  class Robot extends Program {
    id = 0
    token(form: Record<string, string> = {}): Promise<Response> {
      return this.post({ grant_type: 'client_credentials', ...form })
    }
    async tokens(form: Record<string, string> = {}): Promise<Tokens> {
      const answer = await this.token(form)
      expect(answer.status).toBe(200)
      return (await answer.json()) as Tokens
    }
  }

  /** A client that this person added, with machine access. */
  async function robotOf(owner: Person, more: object = {}): Promise<Robot> {
    const input = { name: 'Robot', scopes: ['places:write', 'trips:read'], machine: true, ...more }
    const { client, client_secret } = await run(create_oauth_client, input, inApp(owner))
    const robot = new Robot(running().url)
    robot.id = client.id
    robot.clientId = client.client_id
    robot.secret = client_secret
    return robot
  }

  const opens = async (token: string) => (await post(mcp, call('ping'), bearer(token))).status === 400

  async function expectRefused(answer: Response, status: number, error: string): Promise<void> {
    expect([answer.status, await answer.json()]).toEqual([status, expect.objectContaining({ error })])
  }

  describe('a machine client', () => {
    test('acts as its owner, within the chosen scopes, for an hour', async () => {
      const tokens = await (await robotOf(ana)).tokens()
      expect(tokens).toEqual({
        access_token: expect.stringMatching(/^trekoa_[0-9a-f]{64}$/),
        expires_in: 3600,
        token_type: 'Bearer',
        scope: 'trips:read places:write',
      })
      const trips = await postModern(mcp, tokens.access_token, 'tools/call', { name: 'list_trips', arguments: {} })
      expect(trips.body.result.structuredContent.trips).toMatchObject([{ title: 'Kyoto' }])
      const answerBeyondScope = await postModern(mcp, tokens.access_token, 'tools/call', {
        name: 'create_trip',
        arguments: {},
      })
      expect(answerBeyondScope.status).toBe(403)
      // The audience is only /mcp.
      expect((await fetch(`${running().url}/api/trips`, { headers: bearer(tokens.access_token) })).status).toBe(401)
    })

    test('is granted the allowed scopes of its request, and refused if there are none', async () => {
      const robot = await robotOf(ana)
      const scopeFor = async (scope: string) => (await robot.tokens({ scope })).scope
      expect(await scopeFor('trips:read')).toBe('trips:read')
      expect(await scopeFor('trips:read trips:write budget:read')).toBe('trips:read')
      expect(await scopeFor('openid trips:read offline_access')).toBe('trips:read')
      for (const scope of ['budget:read', 'trips:delete trips:share', 'nonsense']) {
        await expectRefused(await robot.token({ scope }), 400, 'invalid_scope')
      }
    })

    test('gets tokens only for /mcp of this server', async () => {
      const robot = await robotOf(ana)
      expect((await robot.tokens({ resource: `${running().url}/mcp/` })).scope).toBe('trips:read places:write')
      await expectRefused(await robot.token({ resource: 'https://other.example/mcp' }), 400, 'invalid_target')
    })

    test('is shown as one grant for all its tokens, and ends with it', async () => {
      const owner = await running().person('Ben')
      const robot = await robotOf(owner)
      const tokenSets = await Promise.all(Array.from({ length: 20 }, () => robot.tokens()))
      expect(new Set(tokenSets.map(({ access_token }) => access_token)).size).toBe(20)
      const grants = await machineGrants(owner)
      expect(grants).toMatchObject([{ client_id: robot.clientId, client_name: 'Robot', redirect_host: null }])
      const [ended] = await Promise.all([
        robot.token(),
        run(revoke_oauth_grant, { grantId: grants[0]?.id as number }, owner.caller),
      ])
      if (ended.ok) tokenSets.push((await ended.json()) as Tokens)
      else expect(ended.status).toBe(400)
      for (const { access_token } of tokenSets) expect(await opens(access_token)).toBe(false)
      await expectRefused(await robot.token(), 400, 'invalid_request')
      await run(update_oauth_client, { clientId: robot.id, machine: true }, inApp(owner))
      expect(await opens((await robot.tokens()).access_token)).toBe(true)
    })

    test('can revoke one token and keep the others', async () => {
      const robot = await robotOf(ana)
      const [one, other] = [await robot.tokens(), await robot.tokens()]
      expect((await robot.post({ token: one.access_token }, '/oauth/revoke')).status).toBe(200)
      expect([await opens(one.access_token), await opens(other.access_token)]).toEqual([false, true])
    })

    test('that loses machine access is disconnected at once, and has no other way to connect', async () => {
      const robot = await robotOf(ana, { redirect_uris: ['http://localhost'] })
      const { access_token } = await robot.tokens()
      await run(update_oauth_client, { clientId: robot.id, machine: false }, inApp(ana))
      expect(await opens(access_token)).toBe(false)
      await expectRefused(await robot.token(), 400, 'invalid_request')
      const plainRobot = await robotOf(ana, { machine: false, redirect_uris: ['http://localhost'] })
      await expectRefused(await plainRobot.token(), 400, 'invalid_request')
    })

    test('is refused with its old secret, and accepted with the new one', async () => {
      const owner = await running().person('Cora')
      const robot = await robotOf(owner)
      const { access_token } = await robot.tokens()
      const { client_secret } = await run(rotate_oauth_secret, { clientId: robot.id }, inApp(owner))
      expect(await opens(access_token)).toBe(false)
      await expectRefused(await robot.token(), 401, 'invalid_client')
      robot.secret = client_secret
      expect(await opens((await robot.tokens()).access_token)).toBe(true)
      expect(await machineGrants(owner)).toHaveLength(1)
    })

    test('is independent of other clients: ending one leaves the others connected', async () => {
      const owner = await running().person('Dora')
      const robots = [await robotOf(owner, { name: 'First' }), await robotOf(owner, { name: 'Second' })] as const
      const [first, second] = [await robots[0].tokens(), await robots[1].tokens()]
      const stolen = new Robot(running().url)
      stolen.clientId = robots[0].clientId
      stolen.secret = robots[1].secret
      await expectRefused(await stolen.token(), 401, 'invalid_client')
      // Neither can revoke or inspect the tokens of the other.
      expect((await robots[1].post({ token: first.access_token }, '/oauth/revoke')).status).toBe(200)
      const introspection = await robots[1].post({ token: first.access_token }, '/oauth/introspect')
      expect(await introspection.json()).toEqual({ active: false })
      expect(await opens(first.access_token)).toBe(true)
      const grants = await machineGrants(owner)
      const grantId = grants.find(({ client_name }) => client_name === 'First')?.id as number
      await run(revoke_oauth_grant, { grantId }, owner.caller)
      expect([await opens(first.access_token), await opens(second.access_token)]).toEqual([false, true])
    })
  })

  describe('when its owner is', () => {
    test.each([
      ['blocked', (owner: Person) => run(update_user, { userId: owner.caller.userId, banned: true }, commandLine)],
      ['deleted', (owner: Person) => run(delete_user, { userId: owner.caller.userId }, commandLine)],
      [
        'given another password',
        (owner: Person) =>
          run(set_user_password, { userId: owner.caller.userId, password: `${PASSWORD}-new` }, commandLine),
      ],
    ] as const)('%s, a machine client is disconnected', async (_what, strike) => {
      const owner = await running().person('Eve')
      const robot = await robotOf(owner)
      const { access_token } = await robot.tokens()
      expect(await opens(access_token)).toBe(true)
      await strike(owner)
      expect(await opens(access_token)).toBe(false)
      expect([400, 401]).toContain((await robot.token()).status)
    })
  })

  describe('with a key of its own', () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const strangerKeys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const public_keys = { keys: [{ ...publicKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig', kid: 'one' }] }

    const assertionOf = (
      { clientId }: Robot,
      key: KeyObject = privateKey,
      audience = running().url,
      jti = randomUUID(),
    ) =>
      new SignJWT({})
        .setProtectedHeader({ alg: 'ES256', kid: 'one' })
        .setIssuer(clientId)
        .setSubject(clientId)
        .setAudience(audience)
        .setJti(jti)
        .setIssuedAt()
        .setExpirationTime('1m')
        .sign(key)

    const proven = (client_assertion: string) => ({
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion,
    })

    test('it logs in with a signed assertion, and never twice with the same one', async () => {
      const robot = await robotOf(ana, { public_keys })
      expect(robot.secret).toBeNull()
      const statement = await assertionOf(robot)
      const answers = await Promise.all(Array.from({ length: 10 }, () => robot.token(proven(statement))))
      expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(401)])
      expect(await opens((await robot.tokens(proven(await assertionOf(robot)))).access_token)).toBe(true)
    })

    test('a foreign key, an assertion for another server and a missing assertion are refused', async () => {
      const robot = await robotOf(ana, { public_keys })
      for (const form of [
        proven(await assertionOf(robot, strangerKeys.privateKey)),
        proven(await assertionOf(robot, privateKey, 'https://other.example')),
        { client_secret: 'trekcs_0' },
        {},
      ]) {
        expect((await robot.token(form)).status).toBe(401)
      }
    })
  })
})
