import { expect, test } from 'vitest'
import { commandLine, cookieOf, eachInstance, PASSWORD } from '../../../test/harness/accounts.ts'
import { countedPasswords } from '../../../test/harness/passwords.ts'
import { update_user } from '../../features/admin/contract/index.ts'
import { GUESSES } from './guesses.ts'

eachInstance((instance) => {
  test('the first administrator is made once, and the password made up for it opens the door', () =>
    instance.withServer(async (server) => {
      const first = await server.identity.firstAdmin()
      expect(first).toMatchObject({ username: 'admin', email: 'admin@trek.local' })
      expect(await server.identity.firstAdmin()).toBeNull()
      const answer = await server.logIn('admin', first?.password ?? '')
      expect(answer.statusCode).toBe(200)
      expect(answer.json().user).toMatchObject({ username: 'admin', role: 'admin', banned: false })
    }))

  test('people log in by username or by e-mail address, in any case', () =>
    instance.withServer(async (server) => {
      const user = await server.newUser()
      for (const identifier of [user.username, user.username.toUpperCase(), user.email, user.email.toUpperCase()]) {
        const answer = await server.logIn(identifier, PASSWORD)
        expect(answer.statusCode).toBe(200)
        expect(await server.whoIs(cookieOf(answer))).toMatchObject({ id: user.id, email: user.email })
      }
    }))

  test('a wrong password, an unknown user and a user without a name are told the same', () =>
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
      const empty = await server.logIn(user.username, PASSWORD, { payload: { identifier: '' } })
      expect(empty.json()).toMatchObject({ code: 'invalid', issues: [{ path: 'identifier' }, { path: 'password' }] })
    }))

  test('a name that no database can look for is refused in words', () =>
    instance.withServer(async (server) => {
      const { email } = await server.newUser()
      for (const identifier of ['\u0000', 'a\u0000b', `\u0000${email}`, `${email}\u0000`]) {
        const answer = await server.logIn(identifier, PASSWORD)
        expect([answer.statusCode, answer.json()]).toEqual([
          400,
          expect.objectContaining({
            code: 'invalid',
            issues: [{ path: 'identifier', message: 'must not contain the character U+0000' }],
          }),
        ])
      }
    }))

  test('an unknown user costs as much time as a wrong password', () => {
    // Hashing is what takes the time: it is done as often for a name that nobody has.
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

  test('guesses at one account are counted across servers and by every name of the account', () =>
    instance.withServer(async (server) => {
      const user = await server.newUser()
      const other = await instance.another()
      const from = (n: number) => ({ remoteAddress: `198.51.100.${n}` })
      const tries = await Promise.all(
        Array.from({ length: GUESSES.account + 4 }, (_, n) =>
          (n % 2 ? server : other).logIn(n % 3 ? user.username : user.email, `wrong ${n}`, from(n)),
        ),
      )
      const refused = tries.filter(({ statusCode }) => statusCode === 429)
      expect(refused).toHaveLength(4)
      expect(refused[0]?.json()).toMatchObject({ code: 'rate_limited', retry_after: expect.any(Number) })
      expect(Number(refused[0]?.headers['retry-after'])).toBeGreaterThan(800)
      const third = await instance.another()
      expect((await third.logIn(user.username, PASSWORD, from(99))).statusCode).toBe(429)
      const someoneElse = await server.newUser()
      expect((await third.logIn(someoneElse.username, PASSWORD, from(99))).statusCode).toBe(200)
    }))

  test('a right password forgets the wrong ones before it', () =>
    instance.withServer(async (server) => {
      const user = await server.newUser()
      const from = { remoteAddress: '203.0.113.9' }
      for (let round = 0; round < 2; round++) {
        for (let n = 1; n < GUESSES.account; n++) await server.logIn(user.username, 'wrong', from)
        expect((await server.logIn(user.username, PASSWORD, from)).statusCode).toBe(200)
      }
    }))

  test('guesses from one address are counted whatever the account, and an IPv6 household is one address', () =>
    instance.withServer(async (server) => {
      const tries = Array.from({ length: GUESSES.address + 1 }, (_, n) =>
        server.logIn(`nobody-${n}`, 'wrong', { remoteAddress: `2001:db8:1:2::${n.toString(16)}` }),
      )
      const statuses = (await Promise.all(tries)).map(({ statusCode }) => statusCode)
      expect(statuses.filter((status) => status === 429)).toHaveLength(1)
      expect((await server.logIn('nobody', 'wrong', { remoteAddress: '2001:db8:1:3::1' })).statusCode).toBe(401)
    }))

  test('a blocked user learns of it only with the right password', () =>
    instance.withServer(async (server) => {
      const user = await server.newUser()
      await server.pipeline.run(update_user, { userId: user.id, banned: true }, commandLine)
      expect((await server.logIn(user.username, 'wrong')).statusCode).toBe(401)
      const answer = await server.logIn(user.username, PASSWORD)
      expect(answer.json()).toMatchObject({ code: 'forbidden', detail: 'This account is blocked' })
      expect(answer.cookies).toEqual([])
      await server.pipeline.run(update_user, { userId: user.id, banned: false }, commandLine)
      expect((await server.logIn(user.email, PASSWORD)).statusCode).toBe(200)
    }))
})
