import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { whenNeeded } from '../../core/run/when-needed.ts'
import { encodedKey } from './address.ts'
import { outageOf, S3Error } from './errors.ts'
import { messages } from './messages.ts'
import type { ResponseData, S3Body, S3Options, Wire } from './wire.ts'
import { childrenOf, type Element, escaped, textIn, Unreadable } from './xml.ts'

export { S3Error } from './errors.ts'
export type { S3Body, S3Options } from './wire.ts'

export interface S3Object {
  readonly key: string
  readonly size: number
  /** The time of writing by the storage's clock, in milliseconds. */
  readonly modified: number
}

export interface S3Head extends Omit<S3Object, 'key'> {
  /** The SHA-256 that the storage checked and kept, in base64url; null if it keeps none. */
  readonly sha256: string | null
}

/**
 * One bucket of S3-compatible storage. Failures throw an `S3Error` whose message says what is wrong and what to check.
 * Temporary failures have been retried by then.
 */
export interface S3Client {
  /** For messages to people. */
  readonly host: string
  readonly bucket: string
  /**
   * Stores bytes under a key, replacing any before; never a part of them. Sends an `S3Body` whole, and a stream of
   * unknown length in parts with at most one in memory. `expectedBytes` is needed above 80 GB.
   */
  put(key: string, bytes: S3Body | Readable, expectedBytes?: number): Promise<{ size: number; sha256: string }>
  /** Stores bytes if the key has none; false if it has. */
  putNew(key: string, bytes: S3Body): Promise<boolean>
  /**
   * The bytes under a key, or a part of them (both ends inclusive); null if there are none. Resumes interrupted reads.
   */
  get(key: string, part?: { start: number; end: number }): Promise<(S3Head & { bytes: Readable }) | null>
  head(key: string): Promise<S3Head | null>
  /** All objects with this prefix, sorted by key; with `flat`, only those without a further slash. */
  list(prefix: string, how?: { flat?: boolean }): AsyncGenerator<S3Object>
  /** An unknown key is no error. */
  remove(key: string): Promise<void>
  /** Copies within the storage; false if the source is missing. */
  copy(from: string, to: string): Promise<boolean>
  /** How far the storage's clock is ahead of this machine's, in milliseconds. */
  clockAhead(): Promise<number>
  close(): Promise<void>
}

/** A body being read. */
interface Reading {
  answer: ResponseData
  readonly starts: number
  readonly ends: number
  /** The expected digest of the whole; null if unknown, or if only a part is read. */
  readonly sha256: string | null
  isOver: boolean
}

const PART_BYTES = 8 * 1024 * 1024
/** The limit of S3. */
const MOST_PARTS = 10_000
/** How many interruptions in a row, without a byte in between, are an error. */
const MOST_CUTS = 3

export function s3Client(options: S3Options): S3Client {
  const { bucket } = options
  const { host } = new URL(options.endpoint)
  // Loaded on demand: most servers have no such storage, and its libraries take memory.
  let made: Wire | undefined
  const wire = whenNeeded(async () => (made = (await import('./wire.ts')).createWire(options)))
  const document: Wire['document'] = async (call) => (await wire()).document(call)
  const ask = async <T>(call: Parameters<Wire['ask']>[0], read: (answer: ResponseData) => Promise<T>): Promise<T> =>
    (await wire()).ask(call, read)

  const head = (key: string): Promise<S3Head | null> =>
    ask({ method: 'HEAD', key, headers: WITH_CHECKSUM, takes: [404] }, async (answer) => {
      await answer.body.dump()
      return answer.statusCode === 404 ? null : headOf(answer)
    })

  async function putBody(key: string, body: S3Body): Promise<void> {
    await ask({ method: 'PUT', key, headers: checksumOf(body), body }, ({ body: nothing }) => nothing.dump())
  }

  /** The answer of a GET; null if the key is missing. A missing bucket throws. */
  const open = (key: string, headers: Record<string, string>): Promise<ResponseData | null> =>
    ask({ method: 'GET', key, headers, takes: [416] }, async (answer) => answer).catch((error) => {
      if (isNoSuchKey(error)) return null
      throw error
    })

  async function putInParts(key: string, parts: AsyncIterator<Buffer>, first: Buffer): Promise<void> {
    const began = await document({
      ...{ method: 'POST', key, query: { uploads: '' }, once: true },
      headers: { 'x-amz-checksum-algorithm': 'SHA256' },
    })
    const uploadId = (began && textIn(began, 'UploadId')) ?? ''
    try {
      const sent: string[] = []
      for (let part: Buffer | undefined = first; part; part = (await parts.next()).value) {
        const partNumber = String(sent.length + 1)
        if (sent.length === MOST_PARTS) throw new Error(`There is too much for ${key}: more than ${MOST_PARTS} parts`)
        const body = bodyOf(part)
        const call = { method: 'PUT', key, query: { partNumber, uploadId }, headers: checksumOf(body), body } as const
        sent.push(await ask(call, async (answer) => partElement(partNumber, await drainedHeaders(answer))))
      }
      const xml = `<CompleteMultipartUpload xmlns="${NAMESPACE}">${sent.join('')}</CompleteMultipartUpload>`
      await document({ method: 'POST', key, query: { uploadId }, body: bodyOf(Buffer.from(xml)), once: true })
    } catch (error) {
      // Incomplete parts would be kept and charged for, invisibly. The first error counts.
      await ask({ method: 'DELETE', key, query: { uploadId }, takes: [404] }, ({ body }) => body.dump()).catch(() => {})
      throw error
    }
  }

  /** A whole body; resumes after an interruption. */
  async function* readingOn(key: string, reading: Reading): AsyncGenerator<Buffer> {
    const etag = String(reading.answer.headers.etag ?? '')
    const { ends, sha256 } = reading
    const hash = sha256 === null ? null : createHash('sha256')
    let at = reading.starts
    let cuts = 0
    for (let chunks = iterated(reading.answer); ; ) {
      let chunk: Buffer | undefined
      try {
        chunk = (await chunks.next()).value
        if (!chunk && at < ends) throw new Error('it broke off')
      } catch (error) {
        if (reading.isOver || !etag || ++cuts > MOST_CUTS) throw outageOf(host, error)
        const next = await open(key, { range: `bytes=${at}-${ends - 1}`, 'if-match': etag })
        if (next?.statusCode !== 206) throw outageOf(host, error)
        reading.answer = next
        chunks = iterated(next)
        continue
      }
      if (!chunk) break
      cuts = 0
      at += chunk.length
      hash?.update(chunk)
      yield chunk
    }
    if (hash && hash.digest('base64url') !== sha256) {
      throw new S3Error(messages.readOtherwise({ host }), { s3Code: 'BadDigest', status: 200 })
    }
  }

  return {
    host,
    bucket,
    head,

    async put(key, bytes, expectedBytes = 0) {
      if (!(bytes instanceof Readable)) {
        await putBody(key, bytes)
        return bytes
      }
      const hash = createHash('sha256')
      let size = 0
      const count = (chunk: Buffer) => {
        hash.update(chunk)
        size += chunk.length
      }
      const partBytes = Math.max(PART_BYTES, Math.ceil(expectedBytes / (MOST_PARTS - 1000)))
      const parts = inParts(bytes, partBytes, count)
      try {
        const first = (await parts.next()).value ?? Buffer.alloc(0)
        if (first.length < partBytes) await putBody(key, bodyOf(first))
        else await putInParts(key, parts, first)
      } finally {
        bytes.destroy()
      }
      return { size, sha256: hash.digest('base64url') }
    },

    async putNew(key, body) {
      const headers = { ...checksumOf(body), 'if-none-match': '*' }
      try {
        return await ask({ method: 'PUT', key, headers, body, takes: [412], once: true }, async (answer) => {
          await answer.body.dump()
          return answer.statusCode !== 412
        })
      } catch (error) {
        if (!(error instanceof S3Error) || error.status !== 501) throw error
        // This storage has no conditional writes.
        if (await head(key)) return false
        await putBody(key, body)
        return true
      }
    },

    async get(key, part) {
      const answer = await open(key, { ...WITH_CHECKSUM, ...(part && { range: `bytes=${part.start}-${part.end}` }) })
      if (!answer) return null
      if (answer.statusCode === 416) {
        // The range begins beyond the end.
        await answer.body.dump()
        const found = await head(key)
        return found && { ...found, bytes: Readable.from([]) }
      }
      const found = headOf(answer)
      if (part && answer.statusCode !== 206) {
        answer.body.destroy()
        throw outageOf(host, new Unreadable())
      }
      const [starts, ends] = part ? rangeOf(answer) : [0, found.size]
      const reading: Reading = { answer, starts, ends, sha256: part ? null : found.sha256, isOver: false }
      const bytes = Readable.from(readingOn(key, reading), { objectMode: false })
      // A reader that has gone must not wait for unwanted bytes.
      bytes.once('close', () => {
        reading.isOver = true
        reading.answer.body.destroy()
      })
      return { ...found, bytes }
    },

    async *list(prefix, { flat = false } = {}) {
      let token: string | undefined
      do {
        const page = await document({
          method: 'GET',
          key: null,
          query: {
            ...{ 'list-type': '2', 'encoding-type': 'url', 'max-keys': '1000', prefix },
            ...(flat && { delimiter: '/' }),
            ...(token !== undefined && { 'continuation-token': token }),
          },
        })
        if (page?.name !== 'ListBucketResult') throw outageOf(host, new Unreadable())
        const isEncoded = textIn(page, 'EncodingType') === 'url'
        for (const found of childrenOf(page, 'Contents')) yield listed(found, isEncoded)
        const goesOn = textIn(page, 'IsTruncated') === 'true'
        token = goesOn ? textIn(page, 'NextContinuationToken') : undefined
        if (goesOn && !token) throw outageOf(host, new Unreadable())
      } while (token)
    },

    async remove(key) {
      await ask({ method: 'DELETE', key }, ({ body }) => body.dump()).catch((error) => {
        if (!isNoSuchKey(error)) throw error
      })
    },

    async copy(from, to) {
      const headers = { 'x-amz-copy-source': `/${bucket}/${encodedKey(from)}` }
      try {
        await document({ method: 'PUT', key: to, headers })
        return true
      } catch (error) {
        if (isNoSuchKey(error)) return false
        throw error
      }
    },

    clockAhead: async () => {
      const [before, date] = [Date.now(), await ask({ method: 'GET', key: null, query: ONE }, dateOf)]
      // The header has whole seconds.
      return date + 500 - (before + Date.now()) / 2
    },

    async close() {
      await made?.close()
    },
  }
}

/** The body of a few bytes. */
export const bodyOf = (bytes: Buffer): S3Body => ({
  size: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('base64url'),
  open: () => bytes,
})

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/'
const WITH_CHECKSUM = { 'x-amz-checksum-mode': 'ENABLED' }
const ONE = { 'list-type': '2', 'max-keys': '1' }

const isNoSuchKey = (error: unknown): boolean =>
  error instanceof S3Error && error.status === 404 && error.s3Code !== 'NoSuchBucket'

const asBase64 = (sha256: string): string => Buffer.from(sha256, 'base64url').toString('base64')

const checksumOf = ({ sha256 }: S3Body) => ({ 'x-amz-checksum-sha256': asBase64(sha256) })

const partElement = (number: string, { etag, checksum }: { etag: string; checksum: string }): string =>
  `<Part><PartNumber>${number}</PartNumber><ETag>${escaped(etag)}</ETag>${checksum}</Part>`

async function drainedHeaders({ headers, body }: ResponseData) {
  await body.dump()
  const checksum = headers['x-amz-checksum-sha256']
  return {
    etag: String(headers.etag),
    checksum: checksum ? `<ChecksumSHA256>${escaped(String(checksum))}</ChecksumSHA256>` : '',
  }
}

function headOf({ headers }: ResponseData): S3Head {
  const total = /\/(\d+)$/.exec(String(headers['content-range'] ?? ''))?.[1]
  const checksum = String(headers['x-amz-checksum-sha256'] ?? '')
  return {
    size: Number(total ?? headers['content-length'] ?? 0),
    modified: Date.parse(String(headers['last-modified'])) || 0,
    // The checksum of a multipart object covers its parts and ends in their number.
    sha256: /^[A-Za-z0-9+/]{43}=$/.test(checksum) ? Buffer.from(checksum, 'base64').toString('base64url') : null,
  }
}

/** The start and the exclusive end of a partial answer. */
function rangeOf({ headers }: ResponseData): [number, number] {
  const [, start, end] = /^bytes (\d+)-(\d+)\//.exec(String(headers['content-range'])) ?? []
  return [Number(start), Number(end) + 1]
}

function listed(found: Element, isEncoded: boolean): S3Object {
  const key = textIn(found, 'Key') ?? ''
  return {
    key: isEncoded ? decodeURIComponent(key.replaceAll('+', ' ')) : key,
    size: Number(textIn(found, 'Size')),
    modified: Date.parse(textIn(found, 'LastModified') ?? ''),
  }
}

async function dateOf({ headers, body }: ResponseData): Promise<number> {
  await body.dump()
  return Date.parse(String(headers.date))
}

const iterated = ({ body }: ResponseData) => (body as Readable)[Symbol.asyncIterator]() as AsyncIterator<Buffer>

/** Splits a stream into parts of one size; the last can be smaller. */
async function* inParts(bytes: Readable, partBytes: number, count: (chunk: Buffer) => void): AsyncGenerator<Buffer> {
  let chunks: Buffer[] = []
  let size = 0
  for await (const chunk of bytes) {
    let rest: Buffer = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    count(rest)
    while (size + rest.length >= partBytes) {
      const taken = partBytes - size
      chunks.push(rest.subarray(0, taken))
      yield Buffer.concat(chunks)
      rest = rest.subarray(taken)
      chunks = []
      size = 0
    }
    if (rest.length) chunks.push(rest)
    size += rest.length
  }
  if (size) yield Buffer.concat(chunks)
}
