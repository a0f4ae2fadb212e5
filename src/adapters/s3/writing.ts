import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { S3Error } from './errors.ts'
import { bodyOf, checksumOf } from './objects.ts'
import { headObject } from './reading.ts'
import type { ResponseData, S3Body, Wire } from './wire.ts'
import { escaped, textIn } from './xml.ts'

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/'
const PART_BYTES = 8 * 1024 * 1024
/** The limit of S3. */
const MOST_PARTS = 10_000

type Stored = { size: number; sha256: string }

/** Stores a body whole, and a stream that is longer than a part in parts. */
export async function putObject(
  wire: Wire,
  key: string,
  bytes: S3Body | Readable,
  expectedBytes: number,
): Promise<Stored> {
  if (bytes instanceof Readable) return putStream(wire, key, bytes, expectedBytes)
  await putBody(wire, key, bytes)
  return bytes
}

/** Stores a body if the key has none; false if it has. */
export async function putNewObject(wire: Wire, key: string, body: S3Body): Promise<boolean> {
  const headers = { ...checksumOf(body), 'if-none-match': '*' }
  try {
    return await wire.ask({ method: 'PUT', key, headers, body, takes: [412], once: true }, async (answer) => {
      await answer.body.dump()
      return answer.statusCode !== 412
    })
  } catch (error) {
    if (!(error instanceof S3Error) || error.status !== 501) throw error
    // This storage has no conditional writes.
    if (await headObject(wire, key)) return false
    await putBody(wire, key, body)
    return true
  }
}

async function putBody(wire: Wire, key: string, body: S3Body): Promise<void> {
  const call = { method: 'PUT', key, headers: checksumOf(body), body } as const
  await wire.ask(call, (answer) => answer.body.dump())
}

async function putStream(wire: Wire, key: string, bytes: Readable, expectedBytes: number): Promise<Stored> {
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
    if (first.length < partBytes) await putBody(wire, key, bodyOf(first))
    else await putInParts(wire, key, parts, first)
  } finally {
    bytes.destroy()
  }
  return { size, sha256: hash.digest('base64url') }
}

async function putInParts(wire: Wire, key: string, parts: AsyncIterator<Buffer>, first: Buffer): Promise<void> {
  const upload = await wire.document({
    ...{ method: 'POST', key, query: { uploads: '' }, once: true },
    headers: { 'x-amz-checksum-algorithm': 'SHA256' },
  })
  const uploadId = (upload && textIn(upload, 'UploadId')) ?? ''
  try {
    const sent: string[] = []
    for (let part: Buffer | undefined = first; part; part = (await parts.next()).value) {
      const partNumber = String(sent.length + 1)
      if (sent.length === MOST_PARTS) throw new Error(`There is too much for ${key}: more than ${MOST_PARTS} parts`)
      const body = bodyOf(part)
      const call = { method: 'PUT', key, query: { partNumber, uploadId }, headers: checksumOf(body), body } as const
      sent.push(await wire.ask(call, async (answer) => partElement(partNumber, await drainedHeaders(answer))))
    }
    const xml = `<CompleteMultipartUpload xmlns="${NAMESPACE}">${sent.join('')}</CompleteMultipartUpload>`
    await wire.document({ method: 'POST', key, query: { uploadId }, body: bodyOf(Buffer.from(xml)), once: true })
  } catch (error) {
    // Incomplete parts would be kept and charged for, invisibly. The first error counts.
    await abortUpload(wire, key, uploadId).catch(() => {})
    throw error
  }
}

/** Removes the parts of an unfinished upload; an unknown one is no error. */
export const abortUpload = (wire: Wire, key: string, uploadId: string): Promise<void> =>
  wire.ask({ method: 'DELETE', key, query: { uploadId }, takes: [404] }, ({ body }) => body.dump())

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
