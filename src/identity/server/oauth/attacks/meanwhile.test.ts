import { describe, expect, test } from 'vitest'
import {
  expectRefused,
  expectUndecided,
  issuesNothing,
  registerProgram,
  switchAssistants,
  withAnaAndProgram,
} from '../../../../../test/harness/attacks.ts'
import { commandLine } from '../../../../../test/harness/rigs/accounts.ts'
import {
  beginConsent,
  browserOf,
  consentTo,
  decisionOn as decision,
  newVerifier,
  Program,
  readConsentPage,
} from '../../../../../test/harness/rigs/oauth.ts'
import { eachRunning, type Person } from '../../../../../test/harness/rigs/running.ts'
import { delete_user, update_user } from '../../../../features/admin/contract/index.ts'
import {
  delete_oauth_client,
  list_oauth_grants,
  revoke_oauth_grant,
  update_oauth_client,
} from '../../../contract/oauth.ts'

/** What can happen between a request and its code, while the user decides. */

eachRunning((running) => {
  const { ana, browser, program } = withAnaAndProgram(running, 'https://app.example.org/callback')

  const begin = (of = browser(), requester = program()) => beginConsent(of, requester.authorizeUrl(newVerifier()))
  const consentAnswer = async (uid: string) => consentTo(await readConsentPage(browser(), uid))

  describe('changes since the request began count:', () => {
    /** A user who has consented, and has not returned to the program yet. */
    async function decided() {
      const dan = await running().person('Dan')
      const browserOfDan = await browserOf(running(), dan)
      const own = await new Program(running().url).register()
      const uid = await begin(browserOfDan, own)
      const answer = await browserOfDan.post(decision(uid), consentTo(await readConsentPage(browserOfDan, uid)))
      expect(answer.status).toBe(200)
      return { dan, his: browserOfDan, resume: () => browserOfDan.fetch(`/oauth/authorize/${uid}`) }
    }

    test.each<[string, (dan: Person) => Promise<unknown>]>([
      [
        'is blocked',
        (dan) => running().pipeline.run(update_user, { userId: dan.caller.userId, banned: true }, commandLine),
      ],
      ['is deleted', (dan) => running().pipeline.run(delete_user, { userId: dan.caller.userId }, commandLine)],
      [
        'revokes it',
        async ({ caller }) => {
          const { grants } = await running().pipeline.run(list_oauth_grants, {}, caller)
          for (const { id } of grants) await running().pipeline.run(revoke_oauth_grant, { grantId: id }, caller)
        },
      ],
      [
        'is blocked directly in the database',
        ({ caller }) =>
          running()
            .database.kysely.updateTable('users')
            .set({ banned: true })
            .where('id', '=', caller.userId)
            .execute(),
      ],
    ])('no code for a user who consents and then %s', async (_what, change) => {
      const { dan, resume } = await decided()
      await change(dan)
      await issuesNothing(running(), async () => {
        const answer = await resume()
        expect(answer.status).toBeLessThan(500)
        expect(answer.headers.get('location') ?? '').not.toContain('code=')
      })
    })

    test('assistants are switched off', async () => {
      const uid = await begin()
      const body = await consentAnswer(uid)
      await switchAssistants(running(), false)
      try {
        await expectUndecided(running(), browser(), uid, 403, () => browser().post(decision(uid), body))
        const answer = await browser().fetch(`/oauth/consent/${uid}/request`)
        expect([answer.status, await answer.json()]).toEqual([403, expect.objectContaining({ code: 'addon_off' })])
      } finally {
        await switchAssistants(running(), true)
      }
    })

    test('the owner of the program has deleted it, or removed its address', async () => {
      for (const deletedPart of ['program', 'address']) {
        const { program: own, client } = await registerProgram(running(), ana())
        const uid = await beginConsent(browser(), own.authorizeUrl(newVerifier(), { scope: 'trips:read' }))
        const body = await consentAnswer(uid)
        const caller = { ...ana().caller, way: 'web' as const }
        const changed = { clientId: client.id, redirect_uris: ['https://app.example.org/cb'] }
        if (deletedPart === 'program')
          await running().pipeline.run(delete_oauth_client, { clientId: client.id }, caller)
        else await running().pipeline.run(update_oauth_client, changed, caller)
        await expectUndecided(running(), browser(), uid, 404, () => browser().post(decision(uid), body))
      }
    })

    test('the program was cleaned up, because no user had connected it', async () => {
      const own = await new Program(running().url).register()
      const uid = await begin(browser(), own)
      const body = await consentAnswer(uid)
      await running().database.kysely.deleteFrom('oauth_registrations').where('client_id', '=', own.clientId).execute()
      await expectUndecided(running(), browser(), uid, 404, () => browser().post(decision(uid), body))
      await issuesNothing(running(), async () => {
        await expectRefused(await browser().fetch(own.authorizeUrl(newVerifier())), 400, 'invalid_client')
      })
    })
  })
})
