import { readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, test, vi } from 'vitest'
import { PIXEL } from '../../../../test/fixtures/samples/files.ts'
import { testMessage } from '../../../../test/harness/error-texts.ts'
import { cookieOf, eachInstance, HOST, type TestServer, until } from '../../../../test/harness/rigs/accounts.ts'
import { DatabaseUnavailable } from '../../../core/data/database.ts'
import { TrekError } from '../../../core/declare/errors.ts'

const PDF = Buffer.from('%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n')

eachInstance(({ withServer }) => {
  async function scene(server: TestServer) {
    const base = await server.app.listen({ port: 0, host: '127.0.0.1' })
    const [ana, ben] = [await server.newUser(), await server.newUser()]
    const keys = new Map<number, string>()
    for (const { id } of [ana, ben]) keys.set(id, (await server.newToken(id)).token)
    const call = (path: string, init: RequestInit = {}, user: { id: number } | null = ana) =>
      fetch(`${base}/api${path}`, {
        ...init,
        headers: { ...(user && { authorization: `Bearer ${keys.get(user.id)}` }), ...init.headers },
      })
    const createdTrip = await call('/trips', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ title: 'Kyoto' }),
    })
    const { trip } = (await createdTrip.json()) as { trip: { id: number } }
    const form = (parts: Record<string, string | Blob>, name = 'ticket.pdf') => {
      const body = new FormData()
      for (const [key, part] of Object.entries(parts)) {
        if (part instanceof Blob) body.append(key, part, name)
        else body.append(key, part)
      }
      return body
    }
    const upload = async (parts: Record<string, string | Blob>, name?: string, user = ana, key?: string) => {
      const headers = key ? { 'idempotency-key': key } : {}
      const answer = await call(`/trips/${trip.id}/files`, { method: 'POST', body: form(parts, name), headers }, user)
      // biome-ignore lint/suspicious/noExplicitAny: any answer
      return { status: answer.status, json: (await answer.json()) as any }
    }
    const storedNames = () => {
      try {
        return readdirSync(join(server.config.dataDir, 'files')).filter((name) => !name.endsWith('-id'))
      } catch {
        return []
      }
    }
    return { base, ana, ben, keys, call, tripId: trip.id, upload, storedNames }
  }
  const blob = (bytes: Buffer) => new Blob([new Uint8Array(bytes)])

  test('a file uploaded again under the same key is stored once, recognised by its bytes', () =>
    withServer(async (server) => {
      const { upload, storedNames, ana } = await scene(server)
      const first = await upload({ file: blob(PDF) }, 'ticket.pdf', ana, 'one')
      expect(await upload({ file: blob(PDF) }, 'ticket.pdf', ana, 'one')).toEqual(first)
      expect(storedNames()).toHaveLength(1)
      const other = await upload({ file: blob(Buffer.concat([PDF, Buffer.from(' ')])) }, 'ticket.pdf', ana, 'one')
      expect([other.status, other.json.code]).toEqual([409, 'conflict'])
      expect(storedNames()).toHaveLength(1)
    }))

  test('a file is uploaded with its fields before or after it, and downloaded unchanged', () =>
    withServer(async (server) => {
      const { upload, call, tripId } = await scene(server)
      const before = await upload({ description: 'Hin', file: blob(PDF) })
      const after = await upload({ file: blob(PDF), description: 'Zurück', starred: 'true' })
      expect([before.status, after.status]).toEqual([201, 201])
      expect(before.json.file).toMatchObject({ name: 'ticket.pdf', size: PDF.length, description: 'Hin' })
      expect(after.json.file).toMatchObject({ type: 'application/pdf', description: 'Zurück', starred: true })
      expect(JSON.stringify(after.json)).not.toMatch(/"key"/)
      const answer = await call(`/trips/${tripId}/files/${before.json.file.id}/content`)
      expect(Buffer.from(await answer.arrayBuffer())).toEqual(PDF)
      const headers = Object.fromEntries(answer.headers)
      expect(headers).toMatchObject({
        'content-type': 'application/pdf',
        'content-length': String(PDF.length),
        'content-disposition': `inline; filename="ticket.pdf"; filename*=UTF-8''ticket.pdf`,
        'x-content-type-options': 'nosniff',
        'cache-control': 'private, no-cache',
      })
      expect(headers['content-security-policy']).toMatch(/default-src 'none'.*sandbox/)
      const secondDownload = await call(`/trips/${tripId}/files/${before.json.file.id}/content`, {
        headers: { 'if-none-match': headers.etag as string },
      })
      expect([secondDownload.status, await secondDownload.text()]).toEqual([304, ''])
    }))

  test('a text file is served compressed as plain text, and never as a page', () =>
    withServer(async (server) => {
      const { upload, call, tripId } = await scene(server)
      const text = Buffer.from('Grüße aus Kyoto\n'.repeat(2000))
      const { json } = await upload({ file: blob(text) }, 'Grüße.txt')
      const answer = await call(`/trips/${tripId}/files/${json.file.id}/content`)
      expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8')
      expect(answer.headers.get('content-encoding')).toBe('gzip')
      expect(Buffer.from(await answer.arrayBuffer())).toEqual(text)
      const sheet = await upload({ file: blob(text) }, 'a.csv')
      const download = await call(`/trips/${tripId}/files/${sheet.json.file.id}/content`)
      expect(download.headers.get('content-type')).toBe('text/csv; charset=utf-8')
      // An unread body would keep its connection open, and the server from stopping.
      await download.arrayBuffer()
    }))

  test('paths, control characters and direction overrides are removed from file names, other scripts stay', () =>
    withServer(async (server) => {
      const { upload, call, tripId } = await scene(server)
      const name = async (givenName: string) => (await upload({ file: blob(PDF) }, givenName)).json.file.name
      expect(await name('../../etc/passwd.pdf')).toBe('passwd.pdf')
      expect(await name('C:\\Users\\ana\\Ticket.PDF')).toBe('Ticket.PDF')
      expect(await name('a\u202efdp.pdf')).toBe('afdp.pdf')
      expect(await name(`${'é'.repeat(400)}.pdf`)).toHaveLength(255)
      const { json } = await upload({ file: blob(PDF) }, '京都 (1) “Über” ’x’.pdf')
      expect(json.file.name).toBe('京都 (1) “Über” ’x’.pdf')
      const download = await call(`/trips/${tripId}/files/${json.file.id}/content`)
      await download.arrayBuffer()
      const { headers } = download
      const disposition = headers.get('content-disposition') as string
      expect(disposition).not.toMatch(/[^\x20-\x7e]/)
      expect(decodeURIComponent(disposition.split("UTF-8''")[1] as string)).toBe('京都 (1) “Über” ’x’.pdf')
    }))

  test('a malformed form is refused with an explanation and leaves nothing behind', () =>
    withServer(async (server) => {
      const { upload, call, tripId, storedNames, base, keys, ana } = await scene(server)
      const wrong = async (parts: Record<string, string | Blob>) => {
        const { status, json } = await upload(parts)
        return [status, json.code, json.detail]
      }
      expect(await wrong({ description: 'x' })).toEqual([400, 'invalid', expect.stringContaining('file: is required')])
      expect(await wrong({ file: 'text', description: 'x' })).toEqual([400, 'invalid', expect.any(String)])
      expect(await wrong({ photo: blob(PDF) })).toEqual([400, 'invalid', 'photo: is not known here'])
      expect(await wrong({ file: blob(PDF), colour: 'red' })).toEqual([
        400,
        'invalid',
        expect.stringContaining('colour is not known here'),
      ])
      expect(await wrong({ file: blob(PDF), tripId: '999' })).toEqual([
        400,
        'invalid',
        expect.stringContaining('tripId'),
      ])
      expect(await wrong({ file: blob(PDF), __proto__x: '1' })).toEqual([400, 'invalid', expect.any(String)])
      const two = new FormData()
      two.append('file', blob(PDF), 'a.pdf')
      two.append('file', blob(PDF), 'b.pdf')
      const answerToTwo = await call(`/trips/${tripId}/files`, { method: 'POST', body: two })
      expect([answerToTwo.status, ((await answerToTwo.json()) as { detail: string }).detail]).toEqual([
        400,
        'Send one file at a time',
      ])
      const json = await call(`/trips/${tripId}/files`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"file":{"key":"x","name":"a.pdf","type":"","size":1}}',
      })
      expect(json.status).toBe(400)
      const raw = (body: string) =>
        fetch(`${base}/api/trips/${tripId}/files`, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${keys.get(ana.id)}`,
            'content-type': 'multipart/form-data; boundary=zz',
          },
          body,
        })
      const head = '--zz\r\ncontent-disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
      for (const body of ['', 'nonsense', head, `${head}%PDF-1.7 and then nothing`]) {
        const answer = await raw(body)
        expect([answer.status, ((await answer.json()) as { code: string }).code], body).toEqual([400, 'invalid'])
      }
      expect(storedNames()).toEqual([])
    }))

  test('a file that is too large gets an answer, and the connection can be reused', () =>
    withServer(async (server) => {
      const { tripId, call, storedNames } = await scene(server)
      const large = new Blob([new Uint8Array(21 * 1024 * 1024)])
      const send = (body: BodyInit, headers?: Record<string, string>) =>
        call(`/trips/${tripId}/cover`, { method: 'PUT', body, headers, duplex: 'half' } as RequestInit)
      for (let round = 0; round < 3; round++) {
        const form = new FormData()
        form.append('file', large, 'large.png')
        const answer = await send(form)
        expect([answer.status, await answer.json()]).toEqual([
          413,
          expect.objectContaining({ code: 'invalid', detail: expect.stringContaining('at most 20 MB') }),
        ])
      }
      // Without a content length the size is noticed only during the upload.
      const pieces = new Response(
        (() => {
          const form = new FormData()
          form.append('file', large, 'large.png')
          return form
        })(),
      )
      const type = pieces.headers.get('content-type') as string
      const answer = await send(pieces.body as unknown as BodyInit, { 'content-type': type })
      expect(answer.status).toBe(413)
      expect(storedNames()).toEqual([])
    }))

  test('a caller who may not upload is refused before the bytes are read', () =>
    withServer(async (server) => {
      const { upload, ben, base, tripId, storedNames, call, keys, ana } = await scene(server)
      expect((await upload({ file: blob(PDF) }, 'a.pdf', ben)).status).toBe(404)
      const emptyForm = new FormData()
      emptyForm.append('file', blob(PDF), 'a.pdf')
      expect((await call(`/trips/${tripId}/files`, { method: 'POST', body: emptyForm }, null)).status).toBe(401)
      const answer = await fetch(`${base}/api/trips/abc/files`, {
        method: 'POST',
        headers: { authorization: `Bearer ${keys.get(ana.id)}` },
        body: emptyForm,
      })
      expect(answer.status).toBe(400)
      expect(storedNames()).toEqual([])
    }))

  test('an interrupted upload leaves nothing behind', () =>
    withServer(async (server) => {
      const { base, tripId, keys, ana, storedNames } = await scene(server)
      const { port } = new URL(base)
      const socket = connect(Number(port), '127.0.0.1')
      socket.write(
        [
          `POST /api/trips/${tripId}/files HTTP/1.1`,
          'host: localhost',
          `authorization: Bearer ${keys.get(ana.id)}`,
          'content-type: multipart/form-data; boundary=zz',
          'content-length: 1000000',
          '',
          '--zz',
          'content-disposition: form-data; name="file"; filename="a.pdf"',
          '',
          `%PDF-1.7 ${'x'.repeat(200_000)}`,
        ].join('\r\n'),
      )
      await until(() => storedNames().some((name) => name.endsWith('.part')))
      socket.destroy()
      await until(() => storedNames().length === 0)
    }))

  test('the storage key of a refused upload is deleted with its bytes', () =>
    withServer(async (server) => {
      const { upload, storedNames } = await scene(server)
      const countKeys = async () => {
        const { rows } = await sql<{ count: number }>`select count(*) as count from file_keys`.execute(
          server.database.kysely,
        )
        return Number(rows[0]?.count)
      }
      const before = await countKeys()
      expect((await upload({ file: blob(Buffer.from('MZ')) }, 'setup.exe')).status).toBe(400)
      expect((await upload({ file: blob(PDF), colour: 'red' })).status).toBe(400)
      expect([storedNames(), await countKeys()]).toEqual([[], before])
      expect((await upload({ file: blob(PDF) })).status).toBe(201)
      expect([storedNames().length, await countKeys()]).toEqual([1, before + 1])
    }))

  test('an upload whose key cannot be recorded is a server error, before a byte is stored', () =>
    withServer(async (server) => {
      const { upload, storedNames } = await scene(server)
      const { kysely } = server.database
      await sql`alter table file_keys rename to file_keys_elsewhere`.execute(kysely)
      const { status, json } = await upload({ file: blob(Buffer.alloc(1_000_000, 'x')) }, 'a.txt')
      await sql`alter table file_keys_elsewhere rename to file_keys`.execute(kysely)
      expect([status, json.code, storedNames()]).toEqual([500, 'bug', []])
      expect((await upload({ file: blob(PDF) })).status).toBe(201)
    }))

  test('a disk error during an upload is a server error, not an error of the form', () =>
    withServer(async (server) => {
      const { upload } = await scene(server)
      const keepSpy = vi.spyOn(server.services.files, 'keep').mockImplementation(async (bytes) => {
        for await (const _ of bytes) throw new Error('The disk does not answer')
        throw new Error('The upload had no bytes')
      })
      const { status, json } = await upload({ file: blob(Buffer.alloc(1_000_000, 'x')) }, 'a.txt')
      keepSpy.mockRestore()
      expect([status, json.code]).toEqual([500, 'bug'])
      expect(server.log.join()).toContain('The disk does not answer')
    }))

  test('a commit whose confirmation was lost keeps the bytes that its row names', () =>
    withServer(async (server) => {
      const { upload, call, tripId } = await scene(server)
      const { database } = server
      const write = database.write.bind(database)
      const writeSpy = vi.spyOn(database, 'write').mockImplementation(async (space, work) => {
        await write(space, work)
        throw new TrekError('unavailable', testMessage('The database does not answer'))
      })
      expect((await upload({ file: blob(PDF) })).status).toBe(503)
      writeSpy.mockRestore()
      const { files } = (await (await call(`/trips/${tripId}/files`)).json()) as { files: { id: number }[] }
      expect(files).toHaveLength(1)
      const answer = await call(`/trips/${tripId}/files/${files[0]?.id}/content`)
      expect([answer.status, Buffer.from(await answer.arrayBuffer())]).toEqual([200, PDF])
    }))

  test('an upload whose row cannot be written leaves no bytes', () =>
    withServer(async (server) => {
      const { upload, storedNames } = await scene(server)
      const before = storedNames()
      const { database } = server
      const writeSpy = vi.spyOn(database, 'write').mockRejectedValue(new DatabaseUnavailable('busy', null))
      expect((await upload({ file: blob(PDF) })).status).toBe(503)
      writeSpy.mockRestore()
      expect(storedNames()).toEqual(before)
    }))

  test('a page of another origin cannot upload with the cookie of the app', () =>
    withServer(async (server) => {
      const { tripId, base, ana, storedNames } = await scene(server)
      const cookie = cookieOf(await server.logIn(ana.username, 'walnut-lantern-42'))
      const send = (origin: string) => {
        const form = new FormData()
        form.append('file', blob(PDF), 'a.pdf')
        return fetch(`${base}/api/trips/${tripId}/files`, { method: 'POST', headers: { cookie, origin }, body: form })
      }
      expect((await send('https://evil.example')).status).toBe(403)
      expect(storedNames()).toEqual([])
      expect((await send(base)).status).toBe(201)
    }))

  test('a cover is served to anybody with its address, as long as a trip uses it', () =>
    withServer(async (server) => {
      const { tripId, call } = await scene(server)
      const putCover = async (bytes: Buffer, name: string) => {
        const form = new FormData()
        form.append('file', blob(bytes), name)
        const answer = await call(`/trips/${tripId}/cover`, { method: 'PUT', body: form })
        // biome-ignore lint/suspicious/noExplicitAny: any answer
        return { status: answer.status, json: (await answer.json()) as any }
      }
      const { status, json } = await putCover(PIXEL, 'me.gif')
      const { cover_image } = json.trip
      expect([status, cover_image]).toEqual([200, expect.stringMatching(/^\/api\/covers\/[0-9a-f-]{36}\.gif$/)])
      const download = (path: string) => server.app.inject({ url: path, headers: HOST })
      const downloadedCover = await download(cover_image)
      expect(downloadedCover.rawPayload).toEqual(PIXEL)
      expect(downloadedCover.headers).toMatchObject({
        'content-type': 'image/gif',
        'cache-control': 'public, max-age=31536000, immutable',
        'x-content-type-options': 'nosniff',
      })
      for (const other of [cover_image.replace('.gif', '.png'), cover_image.replace('.gif', ''), '/api/covers/x.gif']) {
        expect((await download(other)).statusCode).toBe(404)
      }
      expect((await putCover(PDF, 'me.gif')).json).toMatchObject({ code: 'invalid' })
      await call(`/trips/${tripId}`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: '{"cover_image":null}',
      })
      expect((await download(cover_image)).statusCode).toBe(404)
    }))
})
