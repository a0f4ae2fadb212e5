import { describe, expect, test } from 'vitest'
import {
  commandLine,
  cookieOf,
  eachInstance,
  HOST,
  PASSWORD,
  type TestServer,
} from '../../../test/harness/rigs/accounts.ts'
import { countedPasswords, quickPasswords } from '../../../test/harness/rigs/passwords.ts'
import { update_user } from '../../features/admin/contract/index.ts'
import { AttemptLimiter, MOST_ATTEMPTS } from './attempt-limiter.ts'
import { Audit } from './audit/audit.ts'
import { createAuth } from './auth.ts'
import { cookiesOf } from './cookie.ts'
import { KnownDevices } from './known-devices.ts'
import { signIn } from './sign-in.ts'

eachInstance((instance) => {
  test('the first administrator is created once, and can log in with the generated password', () =>
    instance.withServer(async (server) => {
      const first = await server.identity.firstAdmin()
      expect(first).toMatchObject({ username: 'admin', email: 'admin@trek.local' })
      expect(await server.identity.firstAdmin()).toBeNull()
      const answer = await server.logIn('admin', first?.password ?? '')
      expect(answer.statusCode).toBe(200)
      expect(answer.json().user).toMatchObject({ username: 'admin', role: 'admin', banned: false })
    }))

  test('users log in by username or e-mail address, ignoring case', () =>
    instance.withServer(async (server) => {
      const user = await server.newUser()
      for (const identifier of [user.username, user.username.toUpperCase(), user.email, user.email.toUpperCase()]) {
        const answer = await server.logIn(identifier, PASSWORD)
        expect(answer.statusCode).toBe(200)
        expect(await server.whoIs(cookieOf(answer))).toMatchObject({ id: user.id, email: user.email })
      }
    }))

  test('a wrong password, an unknown user and an empty username get the same answer', () =>
    instance.withServer(async (server) => {
      const user = await server.newUser()
      const answers = [
        await server.logIn(user.username, 'not the password'),
        await server.logIn('nobody-at-all', PASSWORD),
        await server.logIn('nobody@example.org', PASSWORD),
        await server.logIn('?', PASSWORD),
      ]
      expect(new Set(answers.map(({ body }) => body)).size).toBe(1)
      expect(answers[0]?.statusCode).toBe(401)
      expect(answers[0]?.json()).toMatchObject({ code: 'unauthenticated' })
      expect(answers.flatMap(({ cookies }) => cookies)).toEqual([])
      const emptyIdentifier = await server.logIn(user.username, PASSWORD, { payload: { identifier: '' } })
      expect(emptyIdentifier.json()).toMatchObject({
        code: 'invalid',
        issues: [{ path: 'identifier' }, { path: 'password' }],
      })
    }))

  test('a name with characters that no database can query is refused with an explanation', () =>
    instance.withServer(async (server) => {
      const { email } = await server.newUser()
      for (const identifier of ['\u0000', 'a\u0000b', `\u0000${email}`, `${email}\u0000`]) {
        const answer = await server.logIn(identifier, PASSWORD)
        expect([answer.statusCode, answer.json()]).toEqual([
          400,
          expect.objectContaining({
            code: 'invalid',
            issues: [{ path: 'identifier', message: 'must not contain the character U+0000', key: 'values.zeroByte' }],
          }),
        ])
      }
    }))

  test('an unknown user takes as much time as a wrong password', () => {
    // Hashing takes the time, so an unknown name must cause as many hashes.
    const { passwords, counted } = countedPasswords()
    return instance.withServer(
      async (server) => {
        const user = await server.newUser()
        const costOf = async (identifier: string) => {
          const before = counted.hashes
          expect((await server.logIn(identifier, 'wrong password')).statusCode).toBe(401)
          return counted.hashes - before
        }
        for (const name of [user.username, user.email, 'nobody-at-all', 'nobody@example.org']) {
          expect([name, await costOf(name)]).toEqual([name, 1])
        }
      },
      {},
      passwords,
    )
  })

  const from = (n: number) => ({ remoteAddress: `198.51.100.${n}` })

  test('attempts for one name from one network are counted across servers, whether the name exists or not', () =>
    instance.withServer(async (server) => {
      const user = await server.newUser()
      const other = await instance.another()
      const third = await instance.another()
      for (const [n, name] of [user.username, user.email, 'nobody-at-all', 'nobody@example.org'].entries()) {
        const tries = await Promise.all(
          Array.from({ length: MOST_ATTEMPTS.account + 4 }, (_, nth) =>
            (nth % 2 ? server : other).logIn(name, `wrong ${nth}`, from(n)),
          ),
        )
        const refused = tries.filter(({ statusCode }) => statusCode === 429)
        expect([name, refused.length]).toEqual([name, 4])
        expect(refused[0]?.json()).toMatchObject({ code: 'rate_limited', retry_after: expect.any(Number) })
        expect(Number(refused[0]?.headers['retry-after'])).toBeGreaterThan(800)
        expect((await third.logIn(name, PASSWORD, from(n))).statusCode).toBe(429)
      }
      const someoneElse = await server.newUser()
      expect((await third.logIn(someoneElse.username, PASSWORD, from(0))).statusCode).toBe(200)
    }))

  test('the counters do not reveal that a username and an e-mail address belong to one account', () =>
    instance.withServer(async (server) => {
      const user = await server.newUser()
      for (let n = 0; n <= MOST_ATTEMPTS.account; n++) await server.logIn(user.username, 'wrong', from(1))
      const [same, foreign] = [
        await server.logIn(user.email, 'wrong', from(1)),
        await server.logIn('nobody@example.org', 'wrong', from(1)),
      ]
      expect([same.statusCode, same.body]).toEqual([401, foreign.body])
    }))

  test('attempts from elsewhere lock nobody out, not even the administrator', () =>
    instance.withServer(async (server) => {
      const admin = await server.newUser({ role: 'admin' })
      for (let n = 0; n < MOST_ATTEMPTS.account; n++) {
        expect((await server.logIn(admin.username, 'wrong', from(n))).statusCode).toBe(401)
      }
      for (let n = 0; n < 4; n++) await server.logIn(admin.email, 'wrong', from(0))
      const other = await instance.another()
      expect((await other.logIn(admin.username, PASSWORD, from(99))).statusCode).toBe(200)
    }))

  describe('a browser in which a user was logged in before', () => {
    const wrongFromHere = async (server: TestServer, name: string, more: object) => {
      for (let n = 0; n <= MOST_ATTEMPTS.account; n++) await server.logIn(name, 'wrong', more)
      expect((await server.logIn(name, PASSWORD, more)).statusCode).toBe(429)
    }
    const withCookie = (n: number, cookie: string) => ({ ...from(n), headers: { ...HOST, cookie } })

    test('can log in regardless of the attempts of others in its network, in every process', () =>
      instance.withServer(async (server) => {
        const user = await server.newUser()
        const cookie = cookieOf(await server.logIn(user.username, PASSWORD, from(7)))
        await wrongFromHere(server, user.username, from(7))
        const other = await instance.another()
        for (const name of [user.username, user.email]) {
          expect((await other.logIn(name, PASSWORD, withCookie(7, cookie))).statusCode).toBe(200)
        }
      }))

    test('has its own attempts, as many as others', () =>
      instance.withServer(async (server) => {
        const user = await server.newUser()
        const cookie = cookieOf(await server.logIn(user.username, PASSWORD, from(8)))
        const tries = await Promise.all(
          Array.from({ length: MOST_ATTEMPTS.device + 3 }, () =>
            server.logIn(user.username, 'wrong', withCookie(8, cookie)),
          ),
        )
        expect(tries.filter(({ statusCode }) => statusCode === 429)).toHaveLength(3)
        expect((await server.logIn(user.username, PASSWORD, from(8))).statusCode).toBe(200)
      }))

    test('is recognised only for users who were logged in there, at most five', () =>
      instance.withServer(async (server) => {
        const users = []
        let cookie = ''
        for (let n = 0; n < 6; n++) {
          const user = await server.newUser()
          users.push(user)
          cookie = cookieOf(await server.logIn(user.username, PASSWORD, withCookie(20 + n, cookie)))
        }
        const stranger = await server.newUser()
        const letIn = async ({ username }: { username: string }, n: number) => {
          await wrongFromHere(server, username, from(n))
          return (await server.logIn(username, PASSWORD, withCookie(n, cookie))).statusCode === 200
        }
        const [first, second] = users as [(typeof users)[0], (typeof users)[0]]
        expect([await letIn(first, 31), await letIn(second, 32), await letIn(stranger, 33)]).toEqual([
          false,
          true,
          false,
        ])
      }))

    test('cannot be forged', () =>
      instance.withServer(async (server) => {
        const [user, other] = [await server.newUser(), await server.newUser()]
        const answer = await server.logIn(other.username, PASSWORD, from(40))
        const device = answer.cookies.find(({ name }) => name === 'trek_device')
        expect(device).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/api/auth' })
        const [id = '', mark = ''] = String(device?.value).split('.')
        await wrongFromHere(server, user.username, from(41))
        for (const value of [
          `${id}.${mark}`,
          `${'x'.repeat(22)}.${mark}`,
          `${id}.${'x'.repeat(22)}`,
          `${id}.`,
          'x',
          '',
        ]) {
          const guess = await server.logIn(user.username, PASSWORD, withCookie(41, `trek_device=${value}`))
          expect([value, guess.statusCode]).toEqual([value, 429])
        }
      }))
  })

  test('guesses at one name from many networks are slowed down increasingly, and the right password still logs in', () =>
    instance.withServer(async ({ database, newUser, failures }) => {
      const user = await newUser()
      const day = 86_400
      const auth = createAuth({
        database,
        sessionKey: 'key',
        appUrl: null,
        cookies: cookiesOf(null),
        sessionDuration: day,
        sessionDurationRemember: day,
        passwords: quickPasswords,
      })
      const clock = () => new Date()
      const onError = (error: unknown) => void failures.push(error)
      const audit = new Audit({ database, onError, authorization: [], clock })
      const waited: number[] = []
      const parts = {
        database,
        auth: async () => auth,
        audit,
        attempts: new AttemptLimiter(database, clock),
        devices: new KnownDevices('key', cookiesOf(null)),
        pause: async (ms: number) => void waited.push(ms),
      }
      const waitsOf = async (identifier: string, password: string, addresses: number) => {
        waited.length = 0
        const input = { identifier, password, remember_me: false }
        let cookies: readonly string[] = []
        for (let n = 0; n < addresses; n++) {
          const origin = { address: `2001:db8:${n}::1`, userAgent: '', cookies: undefined }
          cookies = await signIn(parts, input, origin).then(
            (signedIn) => signedIn.cookies,
            () => [],
          )
        }
        return { waited: [...waited], cookies }
      }
      const slower = [1000, 2000, 4000, 8000, 8000]
      expect((await waitsOf(user.username, 'wrong', 15)).waited).toEqual(slower)
      expect((await waitsOf('nobody-everywhere', 'wrong', 15)).waited).toEqual(slower)
      const right = await waitsOf(user.username, PASSWORD, 1)
      expect(right.waited).toEqual([8000])
      // The browser is known from now on, so it does not wait.
      const cookie = right.cookies.map((line) => line.split(';')[0]).join('; ')
      waited.length = 0
      const attempt = { identifier: user.username, password: PASSWORD, remember_me: false }
      await signIn(parts, attempt, { address: '2001:db8:ffff::1', userAgent: '', cookies: cookie })
      expect(waited).toEqual([])
      await audit.close()
    }))

  test('a right password resets the count of wrong ones', () =>
    instance.withServer(async (server) => {
      const user = await server.newUser()
      const fromAddress = { remoteAddress: '203.0.113.9' }
      for (let round = 0; round < 2; round++) {
        for (let n = 1; n < MOST_ATTEMPTS.account; n++) await server.logIn(user.username, 'wrong', fromAddress)
        expect((await server.logIn(user.username, PASSWORD, fromAddress)).statusCode).toBe(200)
      }
    }))

  test('attempts from one address are counted across accounts, and an IPv6 household counts as one address', () =>
    instance.withServer(async (server) => {
      const tries = Array.from({ length: MOST_ATTEMPTS.address + 1 }, (_, n) =>
        server.logIn(`nobody-${n}`, 'wrong', { remoteAddress: `2001:db8:1:2::${n.toString(16)}` }),
      )
      const statuses = (await Promise.all(tries)).map(({ statusCode }) => statusCode)
      expect(statuses.filter((status) => status === 429)).toHaveLength(1)
      expect((await server.logIn('nobody', 'wrong', { remoteAddress: '2001:db8:1:3::1' })).statusCode).toBe(401)
    }))

  test('a blocked user learns of the block only with the right password', () =>
    instance.withServer(async (server) => {
      const user = await server.newUser()
      await server.pipeline.run(update_user, { userId: user.id, banned: true }, commandLine)
      expect((await server.logIn(user.username, 'wrong')).statusCode).toBe(401)
      const answer = await server.logIn(user.username, PASSWORD)
      expect(answer.json()).toMatchObject({
        code: 'forbidden',
        detail: 'This account is blocked',
        key: 'identity.blocked',
      })
      expect(answer.cookies).toEqual([])
      await server.pipeline.run(update_user, { userId: user.id, banned: false }, commandLine)
      expect((await server.logIn(user.email, PASSWORD)).statusCode).toBe(200)
    }))
})
