import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { bearer, call, initialize, openStream, post, reading } from '../../../../test/harness/mcp/wire.ts'
import {
  type Browser,
  beginConsent,
  browserOf,
  consentTo,
  decisionOn,
  newVerifier,
  Program,
  readConsentPage,
  type Tokens,
} from '../../../../test/harness/rigs/oauth.ts'
import { eachRunning, type Person } from '../../../../test/harness/rigs/running.ts'
import { until } from '../../../../test/harness/until.ts'
import type { Caller } from '../../../core/data/space.ts'
import { create_oauth_client, list_oauth_grants, revoke_oauth_grant } from '../../contract/oauth.ts'
import { hashToken } from '../tokens.ts'

/** Lifetimes, and what remains after them. The tests set the clock of the server. */

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

let msAhead = 0
const clock = () => new Date(Date.now() + msAhead)

const tokensOf = async (answer: Response): Promise<Tokens> => {
  expect(answer.status).toBe(200)
  return (await answer.json()) as Tokens
}

async function expectRefused(answer: Response): Promise<void> {
  expect([answer.status, ((await answer.json()) as { error: string }).error]).toEqual([400, 'invalid_grant'])
}

eachRunning(
  (running) => {
    let person: Person
    let caller: Caller
    let browser: Browser
    let mcp: URL

    beforeEach(async () => {
      msAhead = 0
      browser = await browserOf(running(), person)
    })
    beforeAll(async () => {
      msAhead = 0
      mcp = new URL(`${running().url}/mcp`)
      person = await running().person('Ana')
      caller = { ...person.caller, way: 'web' }
    })

    const rows = () => running().database.kysely
    const registered = (more: Record<string, unknown> = {}) => new Program(running().url).register(more)
    const grantsOf = async ({ clientId }: Program) =>
      (await running().pipeline.run(list_oauth_grants, {}, caller)).grants.filter((one) => one.client_id === clientId)
    const opens = async (token: string) => (await post(mcp, call('ping'), bearer(token))).status === 400
    const isRegistered = async ({ clientId }: Program) =>
      Boolean(
        await rows()
          .selectFrom('oauth_registrations')
          .select('client_id')
          .where('client_id', '=', clientId)
          .executeTakeFirst(),
      )

    /** Runs the hourly cleanup. */
    const tidied = () => running().jobs.runNow('remove what has ended')

    describe('lifetimes', () => {
      test('an access token is valid for an hour', async () => {
        const { access_token, expires_in } = await (await registered()).connect(browser)
        expect(expires_in).toBe(3600)
        msAhead = HOUR - 2 * SECOND
        expect(await opens(access_token)).toBe(true)
        msAhead = HOUR + SECOND
        expect(await opens(access_token)).toBe(false)
      })

      test('a code is valid for two minutes', async () => {
        const program = await registered()
        const verifier = newVerifier()
        const [slow, late] = [await program.consent(browser, verifier), await program.consent(browser, verifier)]
        msAhead = 118 * SECOND
        await tokensOf(await program.exchange(slow.code, verifier))
        msAhead = 121 * SECOND
        await expectRefused(await program.exchange(late.code, verifier))
      })

      test('a refresh token is valid for exactly thirty days from each rotation', async () => {
        const program = await registered()
        let tokens = await program.connect(browser)
        for (let month = 1; month <= 3; month++) {
          msAhead += 30 * DAY - MINUTE
          tokens = await tokensOf(await program.refresh(tokens.refresh_token as string))
          expect(await opens(tokens.access_token)).toBe(true)
        }
        msAhead += 30 * DAY + SECOND
        await expectRefused(await program.refresh(tokens.refresh_token as string))
      })

      test('a person has an hour to decide', async () => {
        const uid = await beginConsent(browser, (await registered()).authorizeUrl(newVerifier()))
        const getRequest = () => browser.fetch(`/oauth/consent/${uid}/request`)
        msAhead = HOUR - MINUTE
        expect((await getRequest()).status).toBe(200)
        msAhead = HOUR + SECOND
        expect((await getRequest()).status).toBe(404)
      })
    })

    describe('a lost answer', () => {
      test('is repeated within thirty seconds, with the same successor', async () => {
        const program = await registered()
        const first = await program.connect(browser)
        const token = first.refresh_token as string
        const lostTokens = await tokensOf(await program.refresh(token))
        msAhead = 28 * SECOND
        const refreshedAgain = await tokensOf(await program.refresh(token))
        expect(refreshedAgain.refresh_token).toBe(lostTokens.refresh_token)
        expect(await opens(refreshedAgain.access_token)).toBe(true)
      })

      test('is not repeated once its successor was used, which proves that it arrived', async () => {
        const program = await registered()
        const { refresh_token: token = '' } = await program.connect(browser)
        const next = await tokensOf(await program.refresh(token))
        const last = await tokensOf(await program.refresh(next.refresh_token as string))
        msAhead = 6 * SECOND
        await expectRefused(await program.refresh(token))
        expect(await opens(last.access_token)).toBe(false)
      })

      test('counts as a replay after that: the chain ends with its sessions and streams, and the audit log records it', async () => {
        const program = await registered({ client_name: 'Replayed' })
        const first = await program.connect(browser)
        const other = await program.connect(browser)
        const last = await tokensOf(await program.refresh(first.refresh_token as string))
        const [session, untouched] = [
          await initialize(mcp, last.access_token),
          await initialize(mcp, other.access_token),
        ]
        const stream = reading(await openStream(mcp, last.access_token, session))
        const openStreamStill = reading(await openStream(mcp, other.access_token, untouched))
        msAhead = 31 * SECOND
        await Promise.all(
          Array.from({ length: 5 }, async () => expectRefused(await program.refresh(first.refresh_token as string))),
        )
        await expectRefused(await program.refresh(last.refresh_token as string))
        expect([await opens(first.access_token), await opens(last.access_token)]).toEqual([false, false])
        await until(() => stream.ended)
        expect((await post(mcp, call('ping'), bearer(last.access_token, session))).status).toBe(401)
        // Another installation of the same program has its own grant.
        expect(openStreamStill.ended).toBe(false)
        expect((await post(mcp, call('ping'), bearer(other.access_token, untouched))).status).toBe(200)
        expect(await grantsOf(program)).toHaveLength(1)
        const lastUseNoted = () =>
          rows().selectFrom('audit').selectAll().where('client', '=', 'Replayed').where('event', '=', 'oauth_replay')
        await until(() => lastUseNoted().executeTakeFirst())
        expect(await lastUseNoted().executeTakeFirst()).toMatchObject({
          user_id: person.caller.userId,
          grant_id: expect.stringMatching(/^grant:\d+$/),
          outcome: 'invalid_grant',
        })
        await running().pipeline.run(
          revoke_oauth_grant,
          { grantId: (await grantsOf(program))[0]?.id as number },
          caller,
        )
      })

      test('caused by a stop of the server is repeated however late, and once', async () => {
        const program = await registered()
        const { refresh_token: token = '' } = await program.connect(browser)
        const lostTokens = await tokensOf(await program.refresh(token))
        // The state after the server stops between the two writes.
        await rows()
          .deleteFrom('oauth_artifacts')
          .where('id_hash', '=', hashToken(lostTokens.refresh_token as string))
          .execute()
        msAhead = 5 * MINUTE
        const refreshedAgain = await tokensOf(await program.refresh(token))
        expect(refreshedAgain.refresh_token).toBe(lostTokens.refresh_token)
        await expectRefused(await program.refresh(token))
        expect(await grantsOf(program)).toEqual([])
      })
    })

    describe('the cleanup', () => {
      const artifactsOf = async (grantId: number) =>
        (await rows().selectFrom('oauth_artifacts').select('model').where('grant_id', '=', grantId).execute())
          .map(({ model }) => model)
          .sort()

      test('removes expired rows, and unused grants with an entry in the change log', async () => {
        const program = await registered()
        const tokens = await program.connect(browser)
        const id = (await grantsOf(program))[0]?.id as number
        expect(await artifactsOf(id)).toEqual(['AccessToken', 'AuthorizationCode', 'RefreshToken'])
        await tidied()
        expect(await artifactsOf(id)).toEqual(['AccessToken', 'AuthorizationCode', 'RefreshToken'])
        msAhead = 2 * HOUR
        await tidied()
        expect(await artifactsOf(id)).toEqual(['RefreshToken'])
        msAhead = 29 * DAY
        await tidied()
        expect(await grantsOf(program)).toHaveLength(1)
        const { refresh_token = '' } = await tokensOf(await program.refresh(tokens.refresh_token as string))
        msAhead = 58 * DAY
        await tidied()
        expect(await artifactsOf(id)).toEqual(['RefreshToken'])
        await tokensOf(await program.refresh(refresh_token))
        msAhead = 89 * DAY
        await tidied()
        expect(await grantsOf(program)).toEqual([])
        expect(await artifactsOf(id)).toEqual([])
        const batches = await running().database.changesSince({ space: 'user', id: person.caller.userId }, 0)
        const endings = batches.filter(({ changes }) =>
          changes.some(({ entity, row_id }) => entity === 'oauth_grant' && row_id === id),
        )
        expect(endings.map(({ by, changes }) => [by.operation, changes[0]?.action])).toEqual([
          ['decide_consent', 'insert'],
          ['oauth_expired', 'remove'],
        ])
      })

      test('keeps a consent whose code is not issued yet', async () => {
        const program = await registered()
        const uid = await beginConsent(browser, program.authorizeUrl(newVerifier()))
        const consentAnswer = consentTo(await readConsentPage(browser, uid))
        expect((await browser.post(decisionOn(uid), consentAnswer)).status).toBe(200)
        msAhead = 55 * MINUTE
        await tidied()
        expect(await grantsOf(program)).toHaveLength(1)
        msAhead = 62 * MINUTE
        await tidied()
        expect(await grantsOf(program)).toEqual([])
      })

      test('never removes the grant of a machine', async () => {
        const input = { name: 'Robot', scopes: ['trips:read'], machine: true }
        const { client } = await running().pipeline.run(create_oauth_client, input, caller)
        msAhead = 400 * DAY
        await tidied()
        const { grants } = await running().pipeline.run(list_oauth_grants, {}, caller)
        expect(grants.map(({ client_id }) => client_id)).toContain(client.client_id)
      })

      test('removes registered programs that were never connected after a day, and others after a year without a grant', async () => {
        const [neverUsed, usedOnce, stillUsed] = [await registered(), await registered(), await registered()]
        await usedOnce.connect(browser)
        let tokens = await stillUsed.connect(browser)
        await running().pipeline.run(
          revoke_oauth_grant,
          { grantId: (await grantsOf(usedOnce))[0]?.id as number },
          caller,
        )
        const registrations = async () => [
          await isRegistered(neverUsed),
          await isRegistered(usedOnce),
          await isRegistered(stillUsed),
        ]
        msAhead = 23 * HOUR
        await tidied()
        expect(await registrations()).toEqual([true, true, true])
        msAhead = 25 * HOUR
        await tidied()
        expect(await registrations()).toEqual([false, true, true])
        for (msAhead = 29 * DAY; msAhead < 370 * DAY; msAhead += 29 * DAY) {
          tokens = await tokensOf(await stillUsed.refresh(tokens.refresh_token as string))
        }
        await tidied()
        expect(await registrations()).toEqual([false, false, true])
        expect(
          await opens((await tokensOf(await stillUsed.refresh(tokens.refresh_token as string))).access_token),
        ).toBe(true)
      })
    })
  },
  {},
  { clock },
)
