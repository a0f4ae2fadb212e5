import { createHash, randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { STORAGE, startStorage, type TestStorage } from '../../../test/harness/storage/s3.ts'
import { examineStorage } from './examine.ts'
import { bodyOf, type S3Client, S3Error, s3Client } from './index.ts'
import { parseXml } from './xml.ts'

const MB = 1024 * 1024
let storage: TestStorage
let client: S3Client
const furtherClients: S3Client[] = []
beforeAll(async () => {
  storage = await startStorage()
  client = s3Client({ ...STORAGE, endpoint: storage.url, pathStyle: true, retryMs: 1 })
})
afterEach(() => {
  expect(storage.planned()).toBe(0)
  storage.objects.clear()
  storage.lacks.clear()
  storage.clockAheadMs = 0
  storage.requests.length = 0
})
afterAll(async () => {
  for (const openClient of [client, ...furtherClients]) await openClient.close()
  await storage.close()
})

const clientWith = (changes: Partial<Parameters<typeof s3Client>[0]>): S3Client => {
  const further = s3Client({ ...STORAGE, endpoint: storage.url, pathStyle: true, retryMs: 1, ...changes })
  furtherClients.push(further)
  return further
}
const textOf = async (bytes: Readable) => Buffer.concat(await bytes.toArray()).toString()
const read = async (key: string, part?: { start: number; end: number }) => {
  const object = await client.get(key, part)
  return object && { text: await textOf(object.bytes), size: object.size }
}
const storedBytes = (key: string) => storage.objects.get(`${STORAGE.bucket}/${key}`)?.bytes
const failure = async (work: Promise<unknown>): Promise<S3Error> => {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (error instanceof S3Error) return error
  throw new Error('The error is not a storage error', { cause: error })
}
const requestCount = (matching: RegExp) => storage.requests.filter((line) => matching.test(line)).length

describe('an object', () => {
  test('is read completely and in part, under any name, with every request signed', async () => {
    for (const key of ['plain', 'a folder/with spaces+plus', "quo'te(s)!*~", 'ünï/日本', 'a=b&c;d:e@f,g$h', '100%25']) {
      await client.put(key, bodyOf(Buffer.from(`of ${key}`)))
      expect((await read(key))?.text).toBe(`of ${key}`)
      expect(await client.copy(key, `${key} copy`)).toBe(true)
      expect((await read(`${key} copy`, { start: 0, end: 1 }))?.text).toBe('of')
    }
    await client.put('seven', bodyOf(Buffer.from('one two')))
    expect(await read('seven', { start: 4, end: 5 })).toEqual({ text: 'tw', size: 7 })
    expect(await read('seven', { start: 4, end: 50 })).toEqual({ text: 'two', size: 7 })
    expect(await read('seven', { start: 50, end: 60 })).toEqual({ text: '', size: 7 })
    expect([await read('unknown'), await client.head('unknown'), await client.copy('unknown', 'x')]).toEqual([
      null,
      null,
      false,
    ])
    await client.put('nothing', bodyOf(Buffer.alloc(0)))
    expect(await read('nothing')).toEqual({ text: '', size: 0 })
    await client.remove('seven')
    await client.remove('seven')
    expect(await client.head('seven')).toBeNull()
    await expect(client.put('a/../b', bodyOf(Buffer.alloc(1)))).rejects.toThrow('cannot be a name')
  })

  test('has a digest that the storage checks', async () => {
    const bytes = randomBytes(1000)
    const sha256 = createHash('sha256').update(bytes).digest('base64url')
    expect(await client.put('digest', bodyOf(bytes))).toMatchObject({ size: 1000, sha256 })
    expect(await client.head('digest')).toMatchObject({ size: 1000, sha256 })
    const wrong = { ...bodyOf(bytes), open: () => randomBytes(1000) }
    expect(await failure(client.put('wrong', wrong))).toMatchObject({ s3Code: 'XAmzContentSHA256Mismatch' })
    expect(storedBytes('wrong')).toBeUndefined()
  })

  test('is listed, across many pages, with or without deeper levels', async () => {
    const bytes = Buffer.from('x')
    const object = { bytes, etag: 'e', modified: new Date(1_800_000_000_000), sha256: null }
    for (let index = 0; index < 2345; index++)
      storage.objects.set(`trek/many/${String(index).padStart(5, '0')} & <`, object)
    storage.objects.set('trek/many/deep/one', object)
    const keys: string[] = []
    for await (const { key, size, modified } of client.list('many/')) {
      expect([size, modified]).toEqual([1, 1_800_000_000_000])
      keys.push(key)
    }
    expect([keys.length, keys[0], keys.at(-2), keys.at(-1)]).toEqual([
      2346,
      'many/00000 & <',
      'many/02344 & <',
      'many/deep/one',
    ])
    expect(requestCount(/^GET \/trek\?/)).toBe(3)
    let flat = 0
    for await (const { key } of client.list('many/', { flat: true })) flat += key.includes('deep') ? 1000 : 1
    expect(flat).toBe(2345)
    for await (const _ of client.list('none/')) throw new Error('The list must be empty')
  })

  test('can be written only if it does not exist yet', async () => {
    expect(await client.putNew('mark', bodyOf(Buffer.from('one')))).toBe(true)
    expect(await client.putNew('mark', bodyOf(Buffer.from('two')))).toBe(false)
    expect(String(storedBytes('mark'))).toBe('one')
    storage.lacks.add('conditions')
    expect(await client.putNew('mark', bodyOf(Buffer.from('three')))).toBe(false)
    expect(await client.putNew('other', bodyOf(Buffer.from('four')))).toBe(true)
    expect([String(storedBytes('mark')), String(storedBytes('other'))]).toEqual(['one', 'four'])
  })
})

describe('a stream of unknown length', () => {
  const chunksOf = (bytes: Buffer, size: number) =>
    Readable.from(
      (function* () {
        for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size)
      })(),
    )

  test.each([
    ['nothing', 0],
    ['a few bytes', 5],
    ['one byte less than a part', 8 * MB - 1],
    ['exactly one part', 8 * MB],
    ['several parts', 19 * MB + 7],
  ])('of %s is stored unchanged', async (_, size) => {
    const bytes = randomBytes(size)
    const sha256 = createHash('sha256').update(bytes).digest('base64url')
    for (const chunk of [65_537, 20 * MB]) {
      expect(await client.put('streamed', chunksOf(bytes, chunk))).toEqual({ size, sha256 })
      expect(storedBytes('streamed')?.equals(bytes)).toBe(true)
    }
    expect(storage.uploads.size).toBe(0)
    expect(requestCount(/uploadId/) > 0).toBe(size >= 8 * MB)
  })

  test('that breaks off leaves neither an object nor parts', async () => {
    async function* brokenStream() {
      yield randomBytes(9 * MB)
      throw new Error('gone')
    }
    await expect(client.put('broken', Readable.from(brokenStream()))).rejects.toThrow('gone')
    expect([storedBytes('broken'), storage.uploads.size, requestCount(/^DELETE .*uploadId/)]).toEqual([undefined, 0, 1])
  })

  test('with a part that the storage refuses leaves no parts either', async () => {
    storage.misbehave(/partNumber=2/, 'error', 'error', 'error', 'error', 'error')
    expect(await failure(client.put('refused', chunksOf(randomBytes(20 * MB), MB)))).toMatchObject({ status: 500 })
    expect([storedBytes('refused'), storage.uploads.size]).toEqual([undefined, 0])
  })
})

describe('an unfinished upload', () => {
  test('is listed by its prefix, across many pages, and ended', async () => {
    const initiated = new Date(1_800_000_000_000)
    for (let at = 0; at < 1500; at++) {
      const key = `${STORAGE.bucket}/a & b/${String(at % 750).padStart(4, '0')}+`
      storage.uploads.set(`id ${at}`, { key, initiated, parts: new Map() })
    }
    storage.uploads.set('other', { key: `${STORAGE.bucket}/other`, initiated, parts: new Map() })
    const uploadsListed: { key: string; id: string; began: number }[] = []
    for await (const upload of client.unfinished('a & b/')) uploadsListed.push(upload)
    expect(new Set(uploadsListed.map(({ id }) => id)).size).toBe(1500)
    expect(uploadsListed[0]).toEqual({ key: 'a & b/0000+', id: 'id 0', began: 1_800_000_000_000 })
    expect(requestCount(/^GET .*uploads/)).toBe(2)
    for (const upload of uploadsListed) await client.abort(upload)
    for (const upload of uploadsListed.slice(0, 1)) await client.abort(upload)
    expect([...storage.uploads.keys()]).toEqual(['other'])
    storage.uploads.clear()
    for await (const _ of client.unfinished('')) throw new Error('The list must be empty')
  })
})

describe('a failing storage', () => {
  test.each(['slow down', 'error', 'reset', 'lost'] as const)('gets a retry after: %s', async (fault) => {
    const work: [RegExp, () => Promise<unknown>][] = [
      [/^PUT /, () => client.put('one', bodyOf(Buffer.from('one')))],
      [/^GET \/trek\/one/, () => client.get('one').then((object) => object && textOf(object.bytes))],
      [/^HEAD /, () => client.head('one')],
      [/^GET \/trek\?/, () => client.list('').next()],
      [/^PUT \/trek\/two/, () => client.copy('one', 'two')],
      [/^DELETE /, () => client.remove('one')],
    ]
    for (const [matching, operation] of work) {
      storage.misbehave(matching, fault, fault)
      const before = requestCount(matching)
      expect(await operation().then(() => 'done')).toBe('done')
      expect(requestCount(matching) - before).toBe(3)
    }
    expect([storedBytes('one'), String(storedBytes('two'))]).toEqual([undefined, 'one'])
  })

  test('gets only a few retries, and the failure is explained', async () => {
    storage.misbehave(/^HEAD /, 'reset', 'reset', 'reset', 'reset', 'reset')
    const error = await failure(client.head('one'))
    expect(error).toMatchObject({ code: 'unavailable', isPassing: true })
    expect(error.message).toMatch(/^The storage at 127\.0\.0\.1:\d+ cannot be reached/)
    expect(requestCount(/^HEAD /)).toBe(5)
  })

  test('that does not answer gets a retry, and is reported as too slow', async () => {
    const hastyClient = clientWith({ patienceMs: 200 })
    await client.put('one', bodyOf(Buffer.from('one')))
    storage.misbehave(/^HEAD /, 'hang', 'hang')
    expect(await hastyClient.head('one')).toMatchObject({ size: 3 })
    storage.misbehave(/^HEAD /, 'hang', 'hang', 'hang', 'hang', 'hang')
    const late = await failure(hastyClient.head('one'))
    expect([late.message, late.isPassing]).toEqual([expect.stringMatching(/did not answer in time$/), true])
  })

  test('gets no retry of a request that may have succeeded, only of one it reports as failed', async () => {
    storage.misbehave(/^PUT /, 'slow down', 'lost')
    expect(await failure(client.putNew('mark', bodyOf(Buffer.from('one'))))).toMatchObject({ status: 0 })
    expect([requestCount(/^PUT /), String(storedBytes('mark'))]).toEqual([2, 'one'])
    storage.misbehave(/\?uploads/, 'lost')
    await failure(client.put('parts', Readable.from([randomBytes(9 * MB)])))
    expect(requestCount(/\?uploads/)).toBe(1)
    storage.uploads.clear()
  })

  test('that fails after status 200 gets a retry', async () => {
    await client.put('one', bodyOf(Buffer.from('one')))
    storage.misbehave(/^PUT \/trek\/two/, 'error in 200')
    expect(await client.copy('one', 'two')).toBe(true)
    expect(String(storedBytes('two'))).toBe('one')
    storage.misbehave(/^POST .*uploadId/, 'error in 200')
    await failure(client.put('parts', Readable.from([randomBytes(9 * MB)])))
    expect([storedBytes('parts'), storage.uploads.size]).toEqual([undefined, 0])
  })

  test('that breaks off in the middle of a body is asked for the remaining bytes', async () => {
    const bytes = randomBytes(3 * MB)
    await client.put('long', bodyOf(bytes))
    storage.misbehave(/^GET \/trek\/long/, 'cut', 'cut at once', 'cut')
    const object = await client.get('long')
    expect(Buffer.concat((await object?.bytes.toArray()) ?? []).equals(bytes)).toBe(true)
    storage.misbehave(/^GET \/trek\/long/, 'cut')
    const part = await client.get('long', { start: 10, end: MB })
    expect(Buffer.concat((await part?.bytes.toArray()) ?? []).equals(bytes.subarray(10, MB + 1))).toBe(true)
  })

  test('that keeps breaking off, or sends another object, causes an error of the stream, never a truncated file', async () => {
    await client.put('long', bodyOf(randomBytes(MB)))
    storage.misbehave(/^GET \/trek\/long/, ...Array<'cut at once'>(4).fill('cut at once'))
    await failure((await client.get('long'))?.bytes.toArray() as Promise<unknown>)
    await client.put('other', bodyOf(Buffer.from('x')))
    storage.misbehave(/^GET \/trek\/other/, 'changed')
    expect(await failure((await client.get('other'))?.bytes.toArray() as Promise<unknown>)).toMatchObject({
      s3Code: 'BadDigest',
    })
    // Halves of two versions of an object are never combined.
    storage.misbehave(/^GET \/trek\/long/, 'cut')
    const replaced = await client.get('long')
    storage.objects.set('trek/long', { bytes: randomBytes(MB), etag: 'other', modified: new Date(), sha256: null })
    await failure(replaced?.bytes.toArray() as Promise<unknown>)
  })

  test('without support for checksums gets requests without them', async () => {
    storage.lacks.add('checksums')
    const withoutChecksums = clientWith({})
    await withoutChecksums.put('plain', bodyOf(Buffer.from('x')))
    await withoutChecksums.put('plain', bodyOf(Buffer.from('y')))
    expect([String(storedBytes('plain')), requestCount(/^PUT /)]).toEqual(['y', 3])
  })
})

describe('a wrong setting is explained:', () => {
  test.each([
    ['another secret', { secretKey: 'wrong' }, 'SignatureDoesNotMatch', /check S3_SECRET_KEY/],
    ['another key', { accessKey: 'AKOTHER' }, 'InvalidAccessKeyId', /does not know the key in S3_ACCESS_KEY/],
    [
      'another region',
      { region: 'us-east-1' },
      'AuthorizationHeaderMalformed',
      /is not in the region us-east-1.*check S3_REGION/,
    ],
    ['another bucket', { bucket: 'trekk' }, 'NoSuchBucket', /There is no bucket trekk at 127\.0\.0\.1:\d+: create it/],
  ])('%s', async (_, changed, s3Code, message) => {
    const wrong = clientWith(changed)
    for (const work of [
      () => wrong.get('x'),
      () => wrong.put('x', bodyOf(Buffer.from('x'))),
      () => wrong.list('').next(),
    ]) {
      const error = await failure(work())
      expect(error).toMatchObject({ s3Code, isPassing: false })
      expect(error.message).toMatch(message)
      expect(error.message).not.toContain('se/cret')
    }
  })

  test('a wrong clock', async () => {
    storage.clockAheadMs = 20 * 60_000
    const error = await failure(client.head('x').then(() => client.get('x')))
    expect(error.message).toMatch(/forbids this|differ by 20 minutes/)
    expect((await failure(client.get('x'))).message).toMatch(
      /The clock of this machine and that of the storage at .* differ by 20 minutes/,
    )
  })

  test('a server that is not a storage', async () => {
    const { createServer } = await import('node:http')
    const site = createServer((_request, response) => response.end('<html><body><p>Welcome</body></html>'))
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
    const { port } = site.address() as { port: number }
    const unreachableClient = clientWith({ endpoint: `http://127.0.0.1:${port}` })
    expect((await failure(unreachableClient.list('').next())).message).toMatch(
      /is not S3-compatible storage: check S3_ENDPOINT/,
    )
    site.closeAllConnections()
    await new Promise((resolve) => site.close(resolve))
  })

  test('the doctor checks all operations', async () => {
    expect(await examineStorage(client, 'files/')).toEqual([])
    expect(storage.objects.size).toBe(0)
    storage.clockAheadMs = -120_000
    storage.lacks.add('conditions')
    expect(await examineStorage(client, 'files/')).toEqual([expect.stringMatching(/clock/)])
    await expect(examineStorage(clientWith({ bucket: 'trekk' }), '')).rejects.toThrow(/no bucket/)
  })
})

describe('an answer in XML', () => {
  test('is parsed with its entities', () => {
    const read = parseXml('<?xml version="1.0"?>\n<A x="1"><B>a &amp; &#34;b&#x22;</B><C/><B>two</B></A>\n')
    expect(read).toMatchObject({ name: 'A', children: [{ text: 'a & "b"' }, { name: 'C' }, { text: 'two' }] })
  })

  test.each([
    '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    '<a>&b;</a>',
    '<a>&amp</a>',
    '<a><b></a></b>',
    '<a>',
    '<a></a><b></b>',
    '<a><![CDATA[x]]></a>',
    'text',
    '',
    '<a>&#x110000;</a>',
    `${'<a>'.repeat(50)}${'</a>'.repeat(50)}`,
  ])('is refused if it is anything else: %s', (xml) => {
    expect(() => parseXml(xml)).toThrow()
  })
})
