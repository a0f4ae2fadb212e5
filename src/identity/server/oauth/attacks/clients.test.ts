import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  expectRefused,
  forgetFailedAttempts,
  issuesNothing,
  registerProgram,
} from '../../../../../test/harness/attacks.ts'
import { Program } from '../../../../../test/harness/rigs/oauth.ts'
import { eachRunning, type Person } from '../../../../../test/harness/rigs/running.ts'
import { hashToken } from '../../tokens.ts'

/** Attempts of a program to impersonate another one. */

eachRunning((running) => {
  let ana: Person

  beforeAll(async () => {
    ana = await running().person('Ana')
  })

  beforeEach(() => forgetFailedAttempts(running()))

  describe('a program that authenticates itself', () => {
    let secret: Program
    let open: Program
    let other: Program

    beforeAll(async () => {
      secret = (await registerProgram(running(), ana)).program
      other = (await registerProgram(running(), ana)).program
      open = await new Program(running().url).register()
    })

    const basic = (id: string, word: string) => ({ authorization: `Basic ${btoa(`${id}:${word}`)}` })
    const form = { grant_type: 'refresh_token', refresh_token: 'none' }
    const withoutClient = { ...form, client_id: null, client_secret: null }
    /** The authentication succeeded: only the grant is refused. */
    const isKnown = (answer: Response) => expectRefused(answer, 400, 'invalid_grant')

    test('can do so in the form or in the header', async () => {
      await isKnown(await secret.post(form))
      await isKnown(await secret.post(withoutClient, '/oauth/token', basic(secret.clientId, secret.secret as string)))
      await isKnown(await open.post(form))
    })

    test.each<[string, () => Promise<Response>]>([
      ['with no secret', () => secret.post({ ...form, client_secret: null })],
      ['with an empty secret', () => secret.post({ ...form, client_secret: '' })],
      ['with another secret', () => secret.post({ ...form, client_secret: `trekcs_${'0'.repeat(48)}` })],
      ['with the secret of another', () => secret.post({ ...form, client_secret: other.secret })],
      [
        'with the stored hash of its secret',
        () => secret.post({ ...form, client_secret: hashToken(secret.secret as string) }),
      ],
      [
        'with its secret in capitals',
        () => secret.post({ ...form, client_secret: secret.secret?.toUpperCase() ?? '' }),
      ],
      ['with half of its secret', () => secret.post({ ...form, client_secret: secret.secret?.slice(0, 30) ?? '' })],
      ['with its id in capitals', () => secret.post({ ...form, client_id: secret.clientId.toUpperCase() })],
      ['with a secret although it has none', () => open.post({ ...form, client_secret: 'x' })],
      [
        'with another secret in the header',
        () => secret.post(withoutClient, '/oauth/token', basic(secret.clientId, 'x')),
      ],
      ['as an unknown client', () => open.post({ ...form, client_id: 'nobody' })],
      ['as an unknown client with a secret', () => secret.post({ ...form, client_id: 'nobody' })],
    ])('%s is refused', async (_how, attack) => {
      await issuesNothing(running(), async () => {
        const answer = await attack()
        expect(answer.headers.get('www-authenticate') ?? 'Basic').toMatch(/^Basic/)
        await expectRefused(answer, 401, 'invalid_client')
      })
    })

    test.each<[string, () => Promise<Response>]>([
      ['in two ways at once', () => secret.post(form, '/oauth/token', basic(secret.clientId, secret.secret as string))],
      [
        'as two clients',
        () => secret.post({ ...withoutClient, client_id: other.clientId }, '/oauth/token', basic(secret.clientId, 'x')),
      ],
      ['without credentials', () => secret.post(withoutClient)],
      [
        'with its secret as a bearer token',
        () => secret.post(withoutClient, '/oauth/token', { authorization: `Bearer ${secret.secret}` }),
      ],
      [
        'with half a header',
        () => secret.post(withoutClient, '/oauth/token', { authorization: `Basic ${btoa(secret.clientId)}` }),
      ],
      ['with invalid base64', () => secret.post(withoutClient, '/oauth/token', { authorization: 'Basic %%%' })],
      ['with an unreadable header', () => secret.post(withoutClient, '/oauth/token', basic('%E0%A4', '%'))],
      ['with a NUL in the header', () => secret.post(withoutClient, '/oauth/token', basic('a%00b', 'x'))],
      [
        'in the address',
        () => secret.post(withoutClient, `/oauth/token?client_id=${secret.clientId}&client_secret=${secret.secret}`),
      ],
    ])('%s is refused', async (_how, attack) => {
      await issuesNothing(running(), async () => expectRefused(await attack(), 400, 'invalid_request'))
    })

    test('with two secrets, or two ids, is refused, as a form and as JSON', async () => {
      const url = `${running().url}/oauth/token`
      const headers = { 'content-type': 'application/json' }
      for (const repeatedField of ['client_id', 'client_secret']) {
        const validForm = { ...form, client_id: secret.clientId, client_secret: secret.secret as string }
        const body = new URLSearchParams(validForm)
        body.append(repeatedField, 'x')
        const json = JSON.stringify({
          ...validForm,
          [repeatedField]: [validForm[repeatedField as keyof typeof validForm], 'x'],
        })
        await expectRefused(await fetch(url, { method: 'POST', body }), 400, 'invalid_request')
        await expectRefused(await fetch(url, { method: 'POST', headers, body: json }), 400, 'invalid_request')
      }
    })

    test.each([
      '\u0000',
      'a\u0000b',
      '\ud800',
      'é',
      '__proto__',
      'constructor',
      'toString',
      "' or 1=1 --",
      'x'.repeat(50_000),
    ])('with an invalid id is refused', async (client_id) => {
      await expectRefused(await open.post({ ...form, client_id }), 401, 'invalid_client')
      await expectRefused(await secret.post({ ...form, client_id }), 401, 'invalid_client')
    })

    test('with a body that is too large, empty or not a form is refused', async () => {
      const url = `${running().url}/oauth/token`
      const post = (body: string, type: string) =>
        fetch(url, { method: 'POST', headers: { 'content-type': type }, body })
      await expectRefused(
        await post(`x=${'x'.repeat(60_000)}`, 'application/x-www-form-urlencoded'),
        413,
        'invalid_request',
      )
      for (const body of ['[]', 'null', '"x"', '{', '7'])
        await expectRefused(await post(body, 'application/json'), 400, 'invalid_request')
      await expectRefused(await post('{}', 'application/json'), 400, 'invalid_request')
      await expectRefused(await post('a=b', 'text/plain'), 400, 'invalid_request')
      await expectRefused(await post('a=b', 'multipart/form-data; boundary=x'), 400, 'invalid_request')
      await expectRefused(await fetch(url, { method: 'POST' }), 400, 'invalid_request')
      const deepJson = `{"client_id":${'['.repeat(20_000)}${']'.repeat(20_000)}}`
      await expectRefused(await post(deepJson, 'application/json'), 400, 'invalid_request')
    })
  })
})
