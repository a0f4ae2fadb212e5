import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { update_thing } from '../../../test/fixtures/toy/contract/index.ts'
import { eachDatabase } from '../../../test/harness/database/databases.ts'
import { callerFor } from '../../../test/harness/mcp/rig.ts'
import { services } from '../../../test/harness/network/outside-address.ts'
import { openToy } from '../../../test/harness/rigs/toy-rig.ts'
import { createHttp, createLog } from '../http/index.ts'
import { rest } from './index.ts'

type Json = Record<string, unknown>

eachDatabase((_database, place) => {
  let process: Awaited<ReturnType<typeof openToy>>
  let app: FastifyInstance
  let base: string

  beforeAll(async () => {
    process = await openToy(place().target)
    app = await createHttp({
      log: createLog('silent'),
      database: process.database,
      appUrl: 'https://trek.example.org',
      allowedHosts: [],
      trustProxy: false,
      web: null,
    })
    const productInfo = { title: 'TREK', version: '1.2.3', url: null, sessionCookie: 'session' }
    await rest(app, {
      pipeline: process.pipeline,
      authenticator: process.authenticator,
      files: services.files,
      about: productInfo,
    })
    base = await app.listen({ port: 0, host: '127.0.0.1' })
  })
  afterAll(async () => {
    await app.close()
    await process.close()
  })

  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${base}/api${path}`, {
      method,
      headers: {
        authorization: 'Bearer token-1',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return { status: answer.status, headers: answer.headers, json: (await answer.json()) as Json }
  }
  const asPerson = (method: string, path: string, headers: Record<string, string>, body?: unknown) =>
    fetch(`${base}/api${path}`, {
      method,
      headers: { cookie: 'session=1', ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  const makeCrate = async () => ((await call('POST', '/crates', { label: 'Attic' })).json.crate as { id: number }).id

  test('a creation answers 201, everything else 200, and no answer is cached', async () => {
    const crate = await makeCrate()
    const answer = await call('POST', `/crates/${crate}/things`, { name: 'Lamp', secret: true })
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([201, 'no-store'])
    const thing = answer.json.thing as { id: number }
    expect(thing).toEqual({
      id: thing.id,
      crate_id: crate,
      name: 'Lamp',
      note: null,
      count: 1,
      secret: true,
      finder_ids: [],
      price: null,
      currency: null,
    })
    const changed = await call('PATCH', `/crates/${crate}/things/${thing.id}`, { note: 'brass' })
    expect([changed.status, changed.json]).toEqual([200, { thing: { ...thing, note: 'brass' } }])
    const thingList = await call('GET', `/crates/${crate}/things`)
    expect(thingList.json.things).toEqual([{ ...thing, note: 'brass' }])
    expect((await call('DELETE', `/crates/${crate}/things/${thing.id}?force=true`)).status).toBe(200)
    expect((await call('GET', `/crates/${crate}/things`)).json.things).toEqual([])
  })

  test('a write carries the UUID of Idempotency-Key, quoted or bare', async () => {
    const commitIds: string[] = []
    const stop = process.pipeline.parts.feed.tap(({ commit }) => commitIds.push(commit.id))
    const [quoted, bareKey] = [randomUUID(), randomUUID()]
    for (const key of [`"${quoted}"`, bareKey, '"not a uuid"']) {
      expect((await call('POST', '/crates', { label: 'Attic' }, { 'idempotency-key': key })).status).toBe(201)
    }
    stop()
    expect(commitIds).toEqual([quoted, bareKey, expect.not.stringMatching('not')])
  })

  test('a repeated write gets the first answer, marked as a replay; an invalid key is refused', async () => {
    const headers = { 'idempotency-key': `"${randomUUID()}"` }
    const first = await call('POST', '/crates', { label: 'Attic' }, headers)
    const repeated = await call('POST', '/crates', { label: 'Attic' }, headers)
    expect([repeated.status, repeated.json]).toEqual([201, first.json])
    expect([first, repeated].map((one) => one.headers.get('idempotency-replayed'))).toEqual([null, 'true'])
    const other = await call('POST', '/crates', { label: 'Cellar' }, headers)
    expect([other.status, other.json.code]).toEqual([409, 'conflict'])
    for (const key of ['""', `"${'x'.repeat(201)}"`]) {
      const refused = await call('POST', '/crates', { label: 'Attic' }, { 'idempotency-key': key })
      expect([refused.status, refused.json.code]).toEqual([400, 'invalid'])
    }
    // A read ignores the key.
    expect((await call('GET', '/crates', undefined, headers)).status).toBe(200)
  })

  test('a write and a read return the base for the next write, and a write with an older base overwrites nothing', async () => {
    const crate = await makeCrate()
    const created = await call('POST', `/crates/${crate}/things`, { name: 'Lamp' })
    const { id } = created.json.thing as { id: number }
    const based = (seq: string | null, note: string) =>
      call('PATCH', `/crates/${crate}/things/${id}`, { note }, { 'if-changes-since': seq ?? '' })
    const seq = created.headers.get('trek-seq')
    // Changes by the token itself are known to it; changes by its person in the app are not.
    const changed = await based(seq, 'brass')
    expect([changed.status, Number(changed.headers.get('trek-seq'))]).toEqual([200, Number(seq) + 1])
    await process.pipeline.run(update_thing, { crateId: crate, thingId: id, note: 'gold' }, callerFor(1))
    const refused = await based(changed.headers.get('trek-seq'), 'iron')
    expect([refused.status, refused.json.details]).toEqual([
      409,
      { seq: Number(seq) + 2, conflicts: [expect.objectContaining({ field: 'note', is: 'gold', wanted: 'iron' })] },
    ])
    const read = await call('GET', `/crates/${crate}/things`)
    expect((await based(read.headers.get('trek-seq'), 'iron')).status).toBe(200)
    expect((await based('soon', 'iron')).json).toMatchObject({
      code: 'invalid',
      detail: expect.stringContaining('If-Changes-Since'),
    })
  })

  test('a query is read as the type of its field, as one value or a list', async () => {
    const crate = await makeCrate()
    for (const name of ['a', 'b', 'c']) await call('POST', `/crates/${crate}/things`, { name })
    const names = async (query: string) =>
      ((await call('GET', `/crates/${crate}/things?${query}`)).json.things as { name: string }[]).map(
        ({ name }) => name,
      )
    expect(await names('names=a,c')).toEqual(['a', 'c'])
    expect(await names('names=a&names=b')).toEqual(['a', 'b'])
    expect(await names('limit=2')).toEqual(['a', 'b'])
  })

  describe('invalid input', () => {
    const expectInvalid = async (method: string, path: string, body: unknown, message: RegExp) => {
      const { status, headers, json } = await call(method, path, body)
      expect([status, json.code]).toEqual([400, 'invalid'])
      expect(headers.get('content-type')).toBe('application/problem+json')
      expect(json.detail).toMatch(message)
      return json
    }

    test('a path with no number, an unknown field, a wrong type', async () => {
      await expectInvalid('GET', '/crates/attic/things', undefined, /crateId must be/)
      await expectInvalid('GET', '/crates/1/things?colour=red', undefined, /colour is not known here/)
      const { issues } = await expectInvalid('POST', '/crates', { label: 5, colour: 'red' }, /label must be a text/)
      expect(issues).toHaveLength(2)
    })

    test('a body that is not an object', async () => {
      for (const body of [[1], 'text', 5, true]) await expectInvalid('POST', '/crates', body, /must be a JSON object/)
    })

    test('a body that contradicts the address, while one that repeats it is accepted', async () => {
      const crate = await makeCrate()
      await expectInvalid('POST', `/crates/${crate}/things`, { crateId: crate + 1, name: 'x' }, /in the address/)
      expect((await call('POST', `/crates/${crate}/things`, { crateId: crate, name: 'x' })).status).toBe(201)
      expect((await call('POST', `/crates/${crate}/things`, { crateId: String(crate), name: 'x' })).status).toBe(201)
    })

    test('a query instead of a body', async () => {
      await expectInvalid('POST', '/crates?label=x', {}, /takes no query/)
    })
  })

  test('each kind of error has its status', async () => {
    const status = async (path: string, body: unknown) => {
      const { status, json } = await call('POST', path, body)
      return [status, json.code]
    }
    expect(await status('/fail', { how: 'conflict' })).toEqual([409, 'conflict'])
    expect(await status('/fail', { how: 'rate' })).toEqual([429, 'rate_limited'])
    expect(await status('/fail', { how: 'bug' })).toEqual([500, 'bug'])
    expect(await status('/crates/999999/things', { name: 'x' })).toEqual([404, 'not_found'])
    expect((await call('POST', '/fail', { how: 'rate' })).headers.get('retry-after')).toBe('7')
    expect((await call('POST', '/fail', { how: 'conflict' })).json.details).toEqual({ would_delete: 3 })
    expect(
      (await call('PUT', '/addons', { addon: 'stickers', on: true }, { authorization: 'Bearer token-2' })).status,
    ).toBe(403)
    expect((await call('GET', '/assistants-only')).status).toBe(404)
    expect((await call('PUT', '/crates', {})).status).toBe(405)
  })

  test('an add-on that is off is named in the refusal', async () => {
    const crate = await makeCrate()
    await call('PUT', '/addons', { addon: 'stickers', on: false })
    const { status, json } = await call('POST', `/crates/${crate}/stickers`, { text: 'x' })
    expect([status, json.code]).toEqual([403, 'addon_off'])
    await call('PUT', '/addons', { addon: 'stickers', on: true })
    expect((await call('POST', `/crates/${crate}/stickers`, { text: 'x' })).status).toBe(201)
  })

  describe('the caller', () => {
    test.each(['Bearer nonsense', 'Bearer', 'Basic dG9rZW4tMTo=', 'token-1', 'Bearer token-1 token-2', ''])(
      'with %j is anonymous, whatever the cookie says',
      async (authorization) => {
        const { status, headers, json } = await call('GET', '/crates/1/things', undefined, {
          authorization,
          cookie: 'session=1',
        })
        expect([status, json.code, headers.get('www-authenticate')]).toEqual([401, 'unauthenticated', 'Bearer'])
      },
    )

    test('is identified before the body is read', async () => {
      const send = async (headers: Record<string, string>) => {
        const request = {
          method: 'POST',
          body: '{"label":',
          headers: { 'content-type': 'application/json', ...headers },
        }
        return (await fetch(`${base}/api/crates`, request)).status
      }
      expect(await send({})).toBe(401)
      expect(await send({ authorization: 'Bearer nonsense' })).toBe(401)
      expect(await send({ cookie: 'session=1' })).toBe(403)
      expect(await send({ cookie: 'session=1', origin: 'https://evil.example' })).toBe(403)
      expect(await send({ authorization: 'Bearer token-1' })).toBe(400)
    })

    test('without credentials is told to log in', async () => {
      const answer = await fetch(`${base}/api/crates/1/things`)
      expect([answer.status, ((await answer.json()) as Json).code]).toEqual([401, 'unauthenticated'])
    })

    test('with a session reads from anywhere and writes from our own page alone', async () => {
      const write = async (headers: Record<string, string>) =>
        (await asPerson('POST', '/crates', headers, { label: 'x' })).status
      const { port } = new URL(base)
      expect((await asPerson('GET', '/crates/999999/things', {})).status).toBe(404)
      expect(await write({ origin: base })).toBe(201)
      expect(await write({ origin: 'https://trek.example.org' })).toBe(201)
      expect(await write({ origin: `http://127.0.0.1:${Number(port) + 1}` })).toBe(403)
      expect(await write({ origin: 'http://localhost:5173' })).toBe(403)
      expect(await write({ origin: 'https://evil.example' })).toBe(403)
      expect(await write({ origin: 'null' })).toBe(403)
      expect(await write({})).toBe(403)
      expect(await write({ 'sec-fetch-site': 'same-origin' })).toBe(201)
      expect(await write({ 'sec-fetch-site': 'same-site' })).toBe(403)
    })
  })

  test('the page for browsing the API loads nothing from other servers', async () => {
    for (const [path, type] of [
      ['/docs', 'text/html'],
      ['/docs/docs.css', 'text/css'],
      ['/docs/docs.js', 'text/javascript'],
    ]) {
      const answer = await fetch(`${base}/api${path}`)
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, `${type}; charset=utf-8`])
      expect(await answer.text()).not.toMatch(/https?:\/\//)
    }
  })

  test('the OpenAPI document lists every operation and nothing else', async () => {
    const document = (await (await fetch(`${base}/api/openapi.json`)).json()) as {
      openapi: string
      paths: Record<string, Record<string, Json & { operationId: string; parameters: Json[]; responses: Json }>>
      components: { schemas: Record<string, Json> }
    }
    expect(document.openapi).toBe('3.1.0')
    const allMethods = Object.values(document.paths).flatMap((methods) => Object.values(methods))
    const offered = [...process.pipeline.parts.catalogue.operations.values()].filter(({ operation }) =>
      operation.expose.includes('rest'),
    )
    expect(allMethods.map(({ operationId }) => operationId).sort()).toEqual(
      offered.map(({ operation }) => operation.name).sort(),
    )
    const list = document.paths['/api/crates/{crateId}/things']?.get
    expect(list?.parameters.map(({ name, in: place, required }) => [name, place, required])).toEqual([
      ['crateId', 'path', true],
      ['names', 'query', false],
      ['cursor', 'query', false],
      ['limit', 'query', false],
    ])
    expect(list).toMatchObject({ 'x-scope': 'things:read', 'x-effect': 'read', tags: ['toy'] })
    const make = document.paths['/api/crates/{crateId}/things']?.post as Json
    expect(make.responses).toMatchObject({
      201: {
        content: { 'application/json': { schema: { properties: { thing: { $ref: '#/components/schemas/thing' } } } } },
      },
    })
    expect(make.requestBody).toMatchObject({
      required: true,
      content: { 'application/json': { schema: { required: ['name'], additionalProperties: false } } },
    })
    expect(document.paths['/api/crates/{crateId}/stickers']?.post).toMatchObject({ 'x-addon': 'stickers' })
    expect(Object.keys(document.components.schemas).sort()).toEqual(['Problem', 'crate', 'memo', 'sticker', 'thing'])
  })
})
