import type { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { AwsV4Signer } from 'aws4fetch'
import { Agent, type Dispatcher, request } from 'undici'
import { addressOf } from './address.ts'
import { outageOf, refusalOf, S3Error, type Told } from './errors.ts'
import { parseXml, textIn, Unreadable } from './xml.ts'

export interface S3Options {
  /** Like https://s3.eu-central-1.amazonaws.com; http and internal addresses are allowed. */
  readonly endpoint: string
  readonly region: string
  readonly accessKey: string
  readonly secretKey: string
  readonly bucket: string
  /** Whether the bucket is in the path of a URL rather than its host name. */
  readonly pathStyle: boolean
  /** The first pause before a retry. */
  readonly retryMs?: number
  /** The time limit for the start of an answer, and for each pause within it. */
  readonly patienceMs?: number
}

/** Bytes with a known size and SHA-256 (base64url) that can be read repeatedly. */
export interface S3Body {
  readonly size: number
  readonly sha256: string
  open(): Readable | Buffer | Promise<Readable>
}

export type ResponseData = Dispatcher.ResponseData

export interface Call {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE'
  /** Null for the bucket itself. */
  readonly key: string | null
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: S3Body
  /** Statuses that are not errors. */
  readonly takes?: readonly number[]
  /**
   * Whether the request is not idempotent. Such a request is retried only if the storage reports that it did nothing.
   */
  readonly once?: boolean
}

const ATTEMPTS = 5
const MOST_PAUSE_MS = 10_000
/** A person waits: after this long without an answer, do not retry. */
const MOST_WAIT_MS = 20_000
/** A slower upload counts as stalled. */
const BYTES_PER_MS = 20
const NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
/** Above the size of a list page: a thousand names of a thousand bytes. */
const MOST_TEXT = 8 * 1024 * 1024

/** Signs and sends requests to one bucket. Retries temporary failures. */
export function createWire(options: S3Options) {
  const { accessKey, secretKey, region, bucket, pathStyle, retryMs = 200, patienceMs = 30_000 } = options
  const endpoint = options.endpoint.replace(/\/+$/, '')
  const { host } = new URL(endpoint)
  const base = pathStyle ? `${endpoint}/${bucket}` : endpoint.replace('://', `://${bucket}.`)
  const asked = { host, bucket, region }
  // The operator names the storage, so it can be on an internal network.
  const agent = new Agent({
    connect: { timeout: 10_000 },
    headersTimeout: patienceMs,
    bodyTimeout: patienceMs,
    keepAliveTimeout: 10_000,
  })
  let takesChecksums = true

  async function send(call: Call): Promise<ResponseData> {
    const { method, body } = call
    const url = addressOf(base, call.key, call.query)
    const headers = {
      ...(takesChecksums ? call.headers : withoutChecksums(call.headers)),
      'x-amz-content-sha256': body ? Buffer.from(body.sha256, 'base64url').toString('hex') : NOTHING,
    }
    const signer = new AwsV4Signer({
      ...{ method, url, headers, region, service: 's3' },
      accessKeyId: accessKey,
      secretAccessKey: secretKey,
    })
    const signed = Object.fromEntries((await signer.sign()).headers)
    const stream = await body?.open()
    let broken: Error | undefined
    if (stream && !Buffer.isBuffer(stream)) stream.on('error', (error) => (broken = error))
    // Until the answer begins: its reader can take any time for the body.
    const patience = new AbortController()
    const late = setTimeout(() => patience.abort(), patienceMs + (body?.size ?? 0) / BYTES_PER_MS)
    try {
      const answer = await request(url, {
        dispatcher: agent,
        method,
        headers: { ...signed, ...(body && { 'content-length': String(body.size) }) },
        body: stream ?? null,
        signal: patience.signal,
      })
      // The reader of the body gets its errors. A discarded body must not crash the process.
      answer.body.on('error', () => undefined)
      return answer
    } catch (error) {
      // Reading the local stream failed, not the storage.
      if (broken) throw broken
      throw outageOf(host, error)
    } finally {
      clearTimeout(late)
      if (stream && !Buffer.isBuffer(stream)) stream.destroy()
    }
  }

  async function judged(answer: ResponseData, { takes = [] }: Call): Promise<ResponseData> {
    const { statusCode: status } = answer
    if ((status >= 200 && status < 300) || takes.includes(status)) return answer
    throw refusalOf(asked, await toldBy(answer))
  }

  /** Whether the storage does not support checksums. Later requests then omit them. */
  function knowsNoChecksums(error: unknown, { headers = {} }: Call): boolean {
    if (!takesChecksums || !Object.keys(headers).some((name) => name.startsWith(CHECKSUM))) return false
    if (!(error instanceof S3Error) || !NOT_KNOWN.has(error.s3Code) || !/checksum/i.test(error.message)) return false
    takesChecksums = false
    return true
  }

  /** Retries until there is a readable answer or a permanent error. */
  async function ask<T>(call: Call, read: (answer: ResponseData) => Promise<T>): Promise<T> {
    const began = performance.now()
    for (let attempt = 1; ; attempt++) {
      try {
        const answer = await judged(await send(call), call)
        return await read(answer).catch((error) => {
          answer.body.destroy()
          throw outageOf(host, error)
        })
      } catch (error) {
        if (knowsNoChecksums(error, call)) continue
        if (!(error instanceof S3Error) || !error.isPassing || attempt === ATTEMPTS) throw error
        if (error.isLate && performance.now() - began > MOST_WAIT_MS) throw error
        if (call.once && !error.isRefusedForNow) throw error
        // Random, so that clients refused together do not return together.
        await pause(Math.min(MOST_PAUSE_MS, retryMs * 2 ** (attempt - 1)) * (0.5 + Math.random() / 2))
      }
    }
  }

  /** The document of an answer. Some errors, such as those of a started copy, have the status 200. */
  const document = (call: Call) =>
    ask(call, async (answer) => {
      const text = await textOf(answer)
      const root = text ? parseXml(text) : null
      if (root?.name !== 'Error') return root
      throw refusalOf(asked, { ...toldIn(answer, root), status: answer.statusCode === 200 ? 500 : answer.statusCode })
    })

  return { host, ask, document, close: () => agent.close() }
}

export type Wire = ReturnType<typeof createWire>

const CHECKSUM = 'x-amz-checksum-'
const NOT_KNOWN = new Set(['NotImplemented', 'InvalidArgument', 'InvalidRequest', 'UnsupportedHeader'])

const withoutChecksums = (headers: Call['headers']) =>
  Object.fromEntries(Object.entries(headers ?? {}).filter(([name]) => !name.startsWith(CHECKSUM)))

async function textOf({ body }: ResponseData): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body as Readable) {
    size += (chunk as Buffer).length
    if (size > MOST_TEXT) throw new Unreadable()
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** The codes of statuses without a body, as after HEAD. */
const CODES: Record<number, string> = { 301: 'PermanentRedirect', 307: 'TemporaryRedirect', 403: 'AccessDenied' }

const toldIn = ({ statusCode, headers }: ResponseData, root: ReturnType<typeof parseXml> | null): Told => ({
  status: statusCode,
  s3Code: (root && textIn(root, 'Code')) || (CODES[statusCode] ?? ''),
  says: (root && textIn(root, 'Message')) ?? '',
  region: (root && textIn(root, 'Region')) || (headers['x-amz-bucket-region'] as string | undefined),
  date: Date.parse(String(headers.date)) || Date.now(),
})

async function toldBy(answer: ResponseData): Promise<Told> {
  try {
    return toldIn(answer, parseXml(await textOf(answer)))
  } catch {
    // A proxy answers in HTML, and HEAD has no body.
    answer.body.destroy()
    return toldIn(answer, null)
  }
}
