import { expect, test } from 'vitest'
import {
  type Browser,
  beginConsent,
  browserOf,
  consentTo,
  decisionOn,
  newVerifier,
  Program,
  readConsentPage,
} from '../../../../../test/harness/rigs/oauth.ts'
import { eachRunning } from '../../../../../test/harness/rigs/running.ts'
import { OAuthGrant } from '../../../contract/oauth.ts'

/** A demo instance: everybody can open the consent page, and nobody can connect a program. */

eachRunning(
  (running) => {
    test('in demo mode a consent is refused and grants nothing', async () => {
      const ana = await running().person('Ana')
      const browser: Browser = await browserOf(running(), ana)
      const program = await new Program(running().url, 'https://app.example.org/callback').register()
      const uid = await beginConsent(browser, program.authorizeUrl(newVerifier()))
      const answer = await browser.fetch(decisionOn(uid), {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: running().url },
        body: JSON.stringify({ ...consentTo(await readConsentPage(browser, uid)), allow: true }),
      })
      expect(answer.status).toBe(403)
      expect(await answer.text()).toContain('This is a demo')
      expect(await running().database.read((tx) => tx.list(OAuthGrant, {}))).toEqual([])
    })
  },
  { DEMO_MODE: 'true' },
)
