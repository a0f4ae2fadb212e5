import { expect, test } from 'vitest'
import { PIXEL } from '../../../../test/fixtures/samples/files.ts'
import { eachInstance, type TestServer } from '../../../../test/harness/rigs/accounts.ts'

/** The disk quota of a person for files and covers in all trips. */

const KB = 1024
const LIMIT = { UPLOADS_PER_USER: '1MB' }

/** A PDF padded to a given size. */
const pdf = (bytes: number) => padded('%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n', bytes)
const picture = (bytes: number) => padded(PIXEL, bytes)

function padded(start: string | Buffer, bytes: number): Blob {
  const content = Buffer.alloc(bytes)
  Buffer.from(start).copy(content)
  return new Blob([content])
}

eachInstance(({ withServer, another }) => {
  async function personOf(server: TestServer, role?: 'admin') {
    const user = await server.newUser(role ? { role } : {})
    return { ...user, token: (await server.newToken(user.id)).token }
  }
  type Person = Awaited<ReturnType<typeof personOf>>

  async function baseOf(server: TestServer): Promise<string> {
    return `${await server.app.listen({ port: 0, host: '127.0.0.1' })}/api`
  }

  async function request(base: string, { token }: Person, method: string, path: string, body?: FormData | object) {
    const json = body !== undefined && !(body instanceof FormData)
    const answer = await fetch(base + path, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(json && { 'content-type': 'application/json' }) },
      body: json ? JSON.stringify(body) : ((body as FormData | undefined) ?? null),
    })
    // biome-ignore lint/suspicious/noExplicitAny: any answer
    return { status: answer.status, json: (await answer.json()) as any }
  }

  function callsOf(base: string, person: Person) {
    const form = (content: Blob, name: string) => {
      const body = new FormData()
      body.append('file', content, name)
      return body
    }
    return {
      trip: async () => (await request(base, person, 'POST', '/trips', { title: 'Kyoto' })).json.trip.id as number,
      upload: (tripId: number, bytes: number) =>
        request(base, person, 'POST', `/trips/${tripId}/files`, form(pdf(bytes), 'ticket.pdf')),
      cover: (tripId: number, bytes: number) =>
        request(base, person, 'PUT', `/trips/${tripId}/cover`, form(picture(bytes), 'cover.png')),
      call: (method: string, path: string, body?: object) => request(base, person, method, path, body),
    }
  }

  test('applies to all trips together, and deleting a file frees space', () =>
    withServer(async (server) => {
      const base = await baseOf(server)
      const ana = callsOf(base, await personOf(server))
      const ben = callsOf(base, await personOf(server))
      const [kyoto, nara] = [await ana.trip(), await ana.trip()]
      const { json } = await ana.upload(kyoto, 700 * KB)
      expect((await ana.upload(nara, 200 * KB)).status).toBe(201)

      const refused = await ana.upload(nara, 200 * KB)
      expect([refused.status, refused.json.detail]).toEqual([
        409,
        'There is no room for this file: your uploads take up 0.9 MB of the 1 MB that each person can use',
      ])
      expect(refused.json.hint).toMatch(/Delete files .* empty the trash .* ask an administrator/)
      expect(refused.json.details).toEqual({ taken_bytes: 900 * KB, max_bytes: 1024 * KB })
      expect((await ben.upload(await ben.trip(), 200 * KB)).status).toBe(201)

      await ana.call('POST', `/trips/${kyoto}/files/${json.file.id}/trash`)
      expect((await ana.upload(nara, 200 * KB)).status).toBe(409)
      await ana.call('DELETE', `/trips/${kyoto}/files/${json.file.id}`)
      expect((await ana.upload(nara, 700 * KB)).status).toBe(201)
      await ana.call('DELETE', `/trips/${nara}`)
      expect((await ana.upload(kyoto, 900 * KB)).status).toBe(201)
    }, LIMIT))

  test('includes covers, of which only the one in use counts', () =>
    withServer(async (server) => {
      const ana = callsOf(await baseOf(server), await personOf(server))
      const [kyoto, nara] = [await ana.trip(), await ana.trip()]
      for (let attempt = 0; attempt < 3; attempt++) expect((await ana.cover(kyoto, 600 * KB)).status).toBe(200)
      expect([(await ana.cover(nara, 600 * KB)).status, (await ana.upload(nara, 600 * KB)).status]).toEqual([409, 409])
      await ana.call('PATCH', `/trips/${kyoto}`, { cover_image: null })
      expect((await ana.cover(nara, 600 * KB)).status).toBe(200)
    }, LIMIT))

  test('is not exceeded by two concurrent uploads at two servers into two trips', () =>
    withServer(async (server) => {
      const bases = [await baseOf(server), await baseOf(await another(LIMIT))]
      for (let round = 0; round < 4; round++) {
        const person = await personOf(server)
        const calls = bases.map((base) => callsOf(base, person))
        const trips = await Promise.all(calls.map(({ trip }) => trip()))
        const answers = await Promise.all(calls.map(({ upload }, at) => upload(trips[at] as number, 600 * KB)))
        expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
      }
    }, LIMIT))

  test('is shown only to administrators', () =>
    withServer(async (server) => {
      const base = await baseOf(server)
      const person = await personOf(server)
      const admin = callsOf(base, await personOf(server, 'admin'))
      const ana = callsOf(base, person)
      const kyoto = await ana.trip()
      await ana.upload(kyoto, 300 * KB)
      await ana.cover(kyoto, 200 * KB)
      const { json } = await admin.call('GET', '/admin/uploaders')
      expect(json.max_bytes).toBe(1024 * KB)
      expect(json.uploaders).toContainEqual({ user_id: person.id, bytes: 500 * KB })
      expect((await ana.call('GET', '/admin/uploaders')).status).toBe(403)
    }, LIMIT))

  test('leaves space on the disk for the database', () =>
    withServer(
      async (server) => {
        const ana = callsOf(await baseOf(server), await personOf(server))
        const { status, json } = await ana.upload(await ana.trip(), 10 * KB)
        expect([status, json.code, json.detail]).toEqual([503, 'unavailable', 'There is no room left on the server'])
      },
      { FREE_DISK_RESERVE: '900000TB' },
    ))
})
