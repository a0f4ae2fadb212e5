import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * A stub of S3 that is strict where other stubs are not: signatures, digests, checksums, conditions, part sizes and list
 * pages. A test can make it misbehave. It is written from the documentation of S3, without code of the client.
 */
export interface TestStorage {
  readonly url: string
  /** By `bucket/key`. */
  readonly objects: Map<string, Stored>
  /** Multipart uploads that are neither completed nor aborted. */
  readonly uploads: Map<string, Upload>
  /** All requests, as `GET /trek/key?query`. */
  readonly requests: string[]
  /** Applies these faults to the next matching requests, one each. */
  misbehave(matching: RegExp, ...faults: readonly Misbehaviour[]): void
  /** Answers no matching request until the returned function is called. */
  hold(matching: RegExp): () => void
  /** The number of faults that have not happened yet. */
  planned(): number
  /** How far the clock of the storage is ahead. */
  clockAheadMs: number
  /** Features that it does not support, as some storages do not. */
  readonly lacks: Set<'checksums' | 'conditions' | 'kept checksums' | 'list of uploads'>
  /** Stops accepting connections, until `start`. */
  stop(): Promise<void>
  start(): Promise<void>
  close(): Promise<void>
}

/**
 * `slow down`, `error`, `hang` and `reset` happen before the work: an error answer, no answer, or a cut connection. `lost` cuts
 * the connection after the work. `cut` sends half of a body, `cut at once` only the headers. `error in 200` reports the failure
 * only in the document. `changed` sends other bytes than were stored.
 */
export type Misbehaviour =
  | 'hang'
  | 'slow down'
  | 'error'
  | 'reset'
  | 'lost'
  | 'cut'
  | 'cut at once'
  | 'error in 200'
  | 'changed'

interface Stored {
  readonly bytes: Buffer
  readonly etag: string
  readonly modified: Date
  readonly sha256: string | null
}

interface Upload {
  readonly key: string
  readonly initiated: Date
  readonly parts: Map<number, Stored>
}

export const STORAGE = { bucket: 'trek', region: 'eu-test-1', accessKey: 'AKTEST', secretKey: 'se/cret+key' } as const

/** The settings of a server that keeps its uploads in this storage. */
export const storageSettings = (storage: Pick<TestStorage, 'url'>, prefix = 'files') => ({
  FILES_URL: `s3://${STORAGE.bucket}${prefix && `/${prefix}`}`,
  S3_ENDPOINT: storage.url,
  S3_REGION: STORAGE.region,
  S3_ACCESS_KEY: STORAGE.accessKey,
  S3_SECRET_KEY: STORAGE.secretKey,
})

const PAGE = 1000
const LEAST_PART = 5 * 1024 * 1024
const SKEW_MS = 15 * 60_000

class Refusal extends Error {
  readonly status: number
  readonly code: string
  constructor(status: number, code: string) {
    super(code)
    this.status = status
    this.code = code
  }
}

export async function startStorage(): Promise<TestStorage> {
  const objects = new Map<string, Stored>()
  const uploads = new Map<string, Upload>()
  const requests: string[] = []
  const lacks: TestStorage['lacks'] = new Set()
  const plans: { matching: RegExp; faults: Misbehaviour[] }[] = []
  const holds: { matching: RegExp; released: Promise<void> }[] = []
  const storage = { clockAheadMs: 0 }
  const now = () => new Date(Date.now() + storage.clockAheadMs)
  let ids = 0

  function next(line: string): Misbehaviour | undefined {
    return plans.find(({ matching, faults }) => faults.length && matching.test(line))?.faults.shift()
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const line = `${request.method} ${request.url}`
    requests.push(line)
    response.setHeader('date', now().toUTCString())
    response.sendDate = false
    const fault = next(line)
    if (fault === 'hang') return
    if (fault === 'reset') return void request.socket.destroy()
    const body = await bodyOf(request)
    for (const { matching, released } of holds) if (matching.test(line)) await released
    try {
      if (fault === 'slow down') throw new Refusal(503, 'SlowDown')
      if (fault === 'error') throw new Refusal(500, 'InternalError')
      checkSignature(request, body, now().getTime())
      if (fault === 'error in 200') {
        const text = '<?xml version="1.0"?><Error><Code>InternalError</Code><Message>later</Message></Error>'
        return void response.writeHead(200, { 'content-type': 'application/xml' }).end(text)
      }
      const answer = answerTo(request, body)
      if (fault === 'lost') return void request.socket.destroy()
      send(request, response, answer, fault)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const text = request.method === 'HEAD' ? '' : errorText(error)
      response.writeHead(error.status, { 'content-type': 'application/xml' }).end(text)
    }
  }

  interface Reply {
    status?: number
    headers?: Record<string, string>
    body?: Buffer | string
  }

  function send(request: IncomingMessage, response: ServerResponse, reply: Reply, fault?: Misbehaviour): void {
    const body = Buffer.from(reply.body ?? '')
    if (fault === 'changed') body[0] = (body[0] ?? 0) ^ 1
    const hasBody = request.method !== 'HEAD' && reply.status !== 204
    response.writeHead(reply.status ?? 200, { 'content-length': body.length, ...reply.headers })
    if (fault === 'cut' || fault === 'cut at once') {
      response.flushHeaders()
      const firstHalf = fault === 'cut' ? body.subarray(0, Math.floor(body.length / 2)) : Buffer.alloc(0)
      response.write(firstHalf, () => setTimeout(() => request.socket.destroy(), 20))
    } else response.end(hasBody ? body : undefined)
  }

  function answerTo(request: IncomingMessage, body: Buffer): Reply {
    const url = new URL(request.url ?? '', 'http://storage')
    const [, bucket = '', ...rest] = url.pathname.split('/')
    const key = rest.map(decodeURIComponent).join('/')
    if (bucket !== STORAGE.bucket) throw new Refusal(404, 'NoSuchBucket')
    const name = `${bucket}/${key}`
    const query = url.searchParams
    const { method, headers } = request
    if (key === '' && method === 'GET') return query.has('uploads') ? listedUploads(query) : listObjects(query)
    const uploadId = query.get('uploadId')
    if (method === 'POST' && query.has('uploads')) {
      const id = `upload ${++ids}`
      uploads.set(id, { key: name, initiated: now(), parts: new Map() })
      return { body: `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>` }
    }
    if (uploadId !== null) return partOf(request, uploadId, name, query, body)
    if (method === 'PUT' && headers['x-amz-copy-source']) {
      const source = objects.get(decodeURIComponent(String(headers['x-amz-copy-source'])).replace(/^\//, ''))
      if (!source) throw new Refusal(404, 'NoSuchKey')
      objects.set(name, { ...source, modified: now() })
      return { body: `<CopyObjectResult><ETag>&quot;${source.etag}&quot;</ETag></CopyObjectResult>` }
    }
    if (method === 'PUT') {
      if (headers['if-none-match'] !== undefined) {
        if (lacks.has('conditions')) throw new Refusal(501, 'NotImplemented')
        if (objects.has(name)) throw new Refusal(412, 'PreconditionFailed')
      }
      const stored = storedOf(request, body)
      objects.set(name, stored)
      return { headers: { etag: `"${stored.etag}"` } }
    }
    if (method === 'DELETE') {
      objects.delete(name)
      return { status: 204 }
    }
    if (method === 'GET' || method === 'HEAD') return read(request, name)
    throw new Refusal(405, 'MethodNotAllowed')
  }

  function storedOf({ headers }: IncomingMessage, bytes: Buffer): Stored {
    const sha256 = headers['x-amz-checksum-sha256']
    if (sha256 !== undefined && lacks.has('checksums')) throw new Refusal(400, 'InvalidArgument')
    if (sha256 !== undefined && sha256 !== digestOf(bytes, 'base64')) throw new Refusal(400, 'BadDigest')
    const etag = createHash('md5').update(bytes).digest('hex')
    return { bytes, etag, modified: now(), sha256: lacks.has('kept checksums') ? null : String(sha256 ?? '') || null }
  }

  function read({ headers }: IncomingMessage, name: string): Reply {
    const object = objects.get(name)
    if (!object) throw new Refusal(404, 'NoSuchKey')
    const { bytes, etag, modified, sha256 } = object
    if (headers['if-match'] && headers['if-match'] !== `"${etag}"`) throw new Refusal(412, 'PreconditionFailed')
    const known = {
      etag: `"${etag}"`,
      'last-modified': modified.toUTCString(),
      ...(headers['x-amz-checksum-mode'] === 'ENABLED' && sha256 && { 'x-amz-checksum-sha256': sha256 }),
    }
    const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '') ?? []
    if (first === undefined) return { headers: known, body: bytes }
    const start = Number(first)
    if (start >= bytes.length) throw new Refusal(416, 'InvalidRange')
    const end = Math.min(last ? Number(last) : bytes.length, bytes.length - 1)
    const range = { ...known, 'content-range': `bytes ${start}-${end}/${bytes.length}` }
    return { status: 206, headers: range, body: bytes.subarray(start, end + 1) }
  }

  function partOf(request: IncomingMessage, id: string, name: string, query: URLSearchParams, body: Buffer): Reply {
    const upload = uploads.get(id)
    if (!upload || upload.key !== name) throw new Refusal(404, 'NoSuchUpload')
    if (request.method === 'PUT') {
      const part = storedOf(request, body)
      upload.parts.set(Number(query.get('partNumber')), part)
      return { headers: { etag: `"${part.etag}"`, ...(part.sha256 && { 'x-amz-checksum-sha256': part.sha256 }) } }
    }
    if (request.method === 'DELETE') {
      uploads.delete(id)
      return { status: 204 }
    }
    const named = [...body.toString().matchAll(/<PartNumber>(\d+)<\/PartNumber><ETag>&#34;([0-9a-f]+)&#34;<\/ETag>/g)]
    const parts = named.map(([, number, etag], at) => {
      const part = upload.parts.get(Number(number))
      if (!part || part.etag !== etag || Number(number) !== at + 1) throw new Refusal(400, 'InvalidPart')
      if (at < named.length - 1 && part.bytes.length < LEAST_PART) throw new Refusal(400, 'EntityTooSmall')
      return part.bytes
    })
    if (parts.length !== upload.parts.size) throw new Refusal(400, 'InvalidPart')
    const bytes = Buffer.concat(parts)
    const etag = `${createHash('md5').update(bytes).digest('hex')}-${parts.length}`
    objects.set(name, { bytes, etag, modified: now(), sha256: null })
    uploads.delete(id)
    return { body: `<CompleteMultipartUploadResult><ETag>&quot;${etag}&quot;</ETag></CompleteMultipartUploadResult>` }
  }

  function listedUploads(query: URLSearchParams): Reply {
    if (lacks.has('list of uploads')) throw new Refusal(501, 'NotImplemented')
    const [prefix, size] = [query.get('prefix') ?? '', Math.min(PAGE, Number(query.get('max-uploads') ?? PAGE))]
    const [keyMarker, idMarker] = [query.get('key-marker') ?? '', query.get('upload-id-marker')]
    const isEncoded = query.get('encoding-type') === 'url'
    const shownKey = (key: string) => (isEncoded ? encodeURIComponent(key).replaceAll('%2F', '/') : escaped(key))
    const isBehind = ({ key, id }: { key: string; id: string }) =>
      key > keyMarker || (idMarker !== null && key === keyMarker && id > idMarker)
    const own = [...uploads]
      .map(([id, { key, initiated }]) => ({ id, key: key.slice(STORAGE.bucket.length + 1), initiated }))
      .filter((one) => one.key.startsWith(prefix) && isBehind(one))
      .sort((a, b) => (a.key === b.key ? (a.id < b.id ? -1 : 1) : a.key < b.key ? -1 : 1))
    const page = own.slice(0, size)
    const last = own.length > size ? page.at(-1) : undefined
    const list = page.map(
      ({ key, id, initiated }) =>
        `<Upload><Key>${shownKey(key)}</Key><UploadId>${escaped(id)}</UploadId><Initiated>${initiated.toISOString()}</Initiated></Upload>`,
    )
    return {
      headers: { 'content-type': 'application/xml' },
      body: `<?xml version="1.0" encoding="UTF-8"?>\n<ListMultipartUploadsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Bucket>${STORAGE.bucket}</Bucket>${
        isEncoded ? '<EncodingType>url</EncodingType>' : ''
      }<IsTruncated>${last !== undefined}</IsTruncated>${
        last
          ? `<NextKeyMarker>${shownKey(last.key)}</NextKeyMarker><NextUploadIdMarker>${escaped(last.id)}</NextUploadIdMarker>`
          : ''
      }${list.join('')}</ListMultipartUploadsResult>`,
    }
  }

  function listObjects(query: URLSearchParams): Reply {
    if (query.get('list-type') !== '2') throw new Refusal(400, 'InvalidArgument')
    const prefix = query.get('prefix') ?? ''
    const delimiter = query.get('delimiter')
    const after = Buffer.from(query.get('continuation-token') ?? '', 'base64').toString()
    const size = Math.min(PAGE, Number(query.get('max-keys') ?? PAGE))
    const isEncoded = query.get('encoding-type') === 'url'
    const shownKey = (key: string) =>
      isEncoded ? encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/') : escaped(key)
    const own = [...objects.keys()]
      .filter((name) => name.startsWith(`${STORAGE.bucket}/`))
      .map((name) => name.slice(STORAGE.bucket.length + 1))
      .filter((key) => key.startsWith(prefix) && key > after)
      .filter((key) => !delimiter || !key.slice(prefix.length).includes(delimiter))
      .sort()
    const page = own.slice(0, size)
    const token = own.length > size ? Buffer.from(page.at(-1) as string).toString('base64') : ''
    const contents = page.map((key) => {
      const { bytes, modified, etag } = objects.get(`${STORAGE.bucket}/${key}`) as Stored
      return `<Contents><Key>${shownKey(key)}</Key><LastModified>${modified.toISOString()}</LastModified><ETag>&quot;${etag}&quot;</ETag><Size>${bytes.length}</Size></Contents>`
    })
    return {
      headers: { 'content-type': 'application/xml' },
      body: `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>${STORAGE.bucket}</Name>${
        isEncoded ? '<EncodingType>url</EncodingType>' : ''
      }<IsTruncated>${token !== ''}</IsTruncated>${contents.join('')}${
        token && `<NextContinuationToken>${token}</NextContinuationToken>`
      }</ListBucketResult>`,
    }
  }

  let server = createServer()
  let port = 0
  async function start(): Promise<void> {
    server = createServer((request, response) => {
      handle(request, response).catch((error) => response.destroy(error))
    })
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    port = (server.address() as AddressInfo).port
  }
  const stop = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  await start()
  return Object.assign(storage, {
    url: `http://127.0.0.1:${port}`,
    objects,
    uploads,
    requests,
    lacks,
    planned: () => plans.reduce((sum, { faults }) => sum + faults.length, 0),
    hold(matching: RegExp) {
      let release = () => {}
      holds.push({ matching, released: new Promise((resolve) => (release = resolve)) })
      return () => release()
    },
    misbehave: (matching: RegExp, ...faults: Misbehaviour[]) => void plans.push({ matching, faults }),
    stop,
    start,
    close: stop,
  })
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

const errorText = ({ code }: Refusal) =>
  `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${
    code === 'InvalidArgument' ? 'x-amz-checksum-sha256 is not known' : code
  }</Message></Error>`

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

const digestOf = (bytes: Buffer | string, encoding: 'hex' | 'base64') =>
  createHash('sha256').update(bytes).digest(encoding)

/** AWS Signature Version 4, from its documentation: rebuilds the canonical request from the received one. */
function checkSignature(request: IncomingMessage, body: Buffer, now: number): void {
  const { headers, method, url = '' } = request
  const [, access, date, region, signedHeaders, signature] =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    ) ?? []
  if (!access || !date || !region || !signedHeaders || !signature) throw new Refusal(403, 'AccessDenied')
  if (access !== STORAGE.accessKey) throw new Refusal(403, 'InvalidAccessKeyId')
  if (region !== STORAGE.region) throw new Refusal(400, 'AuthorizationHeaderMalformed')
  const at = String(headers['x-amz-date'])
  const moment = Date.parse(at.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
  if (!(Math.abs(moment - now) < SKEW_MS)) throw new Refusal(403, 'RequestTimeTooSkewed')
  const names = signedHeaders.split(';')
  const mustBeSigned = Object.keys(headers).filter((name) => name === 'host' || name.startsWith('x-amz-'))
  if (mustBeSigned.some((name) => !names.includes(name))) throw new Refusal(403, 'AccessDenied')
  const [path = '', search = ''] = url.split('?')
  const encode = (text: string) =>
    encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
  const canonicalPath = path.split('/').map(decodeURIComponent).map(encode).join('/')
  const canonicalQuery = search
    .split('&')
    .filter(Boolean)
    .map((pair) => {
      const [name = '', value = ''] = pair.split('=').map(decodeURIComponent)
      return `${encode(name)}=${encode(value)}`
    })
    .sort()
    .join('&')
  const payload = String(headers['x-amz-content-sha256'])
  const canonical = [
    method,
    canonicalPath,
    canonicalQuery,
    ...names.map((name) => `${name}:${String(headers[name]).trim().replace(/\s+/g, ' ')}`),
    '',
    signedHeaders,
    payload,
  ].join('\n')
  const toSign = ['AWS4-HMAC-SHA256', at, `${date}/${region}/s3/aws4_request`, digestOf(canonical, 'hex')].join('\n')
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()
  const key = hmac(hmac(hmac(hmac(`AWS4${STORAGE.secretKey}`, date), region), 's3'), 'aws4_request')
  if (at.slice(0, 8) !== date || !timingSafeEqual(hmac(key, toSign), Buffer.from(signature, 'hex'))) {
    throw new Refusal(403, 'SignatureDoesNotMatch')
  }
  if (payload !== digestOf(body, 'hex')) throw new Refusal(400, 'XAmzContentSHA256Mismatch')
}
