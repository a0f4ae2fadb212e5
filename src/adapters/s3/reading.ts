import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { outageOf, S3Error } from './errors.ts'
import { messages } from './messages.ts'
import { headOf, isNoSuchKey, type S3Head, WITH_CHECKSUM } from './objects.ts'
import type { ResponseData, Wire } from './wire.ts'
import { Unreadable } from './xml.ts'

/** How many interruptions in a row, without a byte in between, are an error. */
const MOST_CUTS = 3

/** A body being read. */
interface Reading {
  answer: ResponseData
  readonly starts: number
  readonly ends: number
  /** The expected digest of the whole; null if unknown, or if only a part is read. */
  readonly sha256: string | null
  isOver: boolean
}

export const headObject = (wire: Wire, key: string): Promise<S3Head | null> =>
  wire.ask({ method: 'HEAD', key, headers: WITH_CHECKSUM, takes: [404] }, async (answer) => {
    await answer.body.dump()
    return answer.statusCode === 404 ? null : headOf(answer)
  })

/** The bytes under a key, or a part of them; null if there are none. */
export async function getObject(
  wire: Wire,
  key: string,
  part?: { start: number; end: number },
): Promise<(S3Head & { bytes: Readable }) | null> {
  const answer = await open(wire, key, { ...WITH_CHECKSUM, ...(part && { range: `bytes=${part.start}-${part.end}` }) })
  if (!answer) return null
  if (answer.statusCode === 416) {
    // The range begins beyond the end.
    await answer.body.dump()
    const head = await headObject(wire, key)
    return head && { ...head, bytes: Readable.from([]) }
  }
  const head = headOf(answer)
  if (part && answer.statusCode !== 206) {
    answer.body.destroy()
    throw outageOf(wire.host, new Unreadable())
  }
  const [starts, ends] = part ? rangeOf(answer) : [0, head.size]
  const reading: Reading = { answer, starts, ends, sha256: part ? null : head.sha256, isOver: false }
  const bytes = Readable.from(readingOn(wire, key, reading), { objectMode: false })
  // A reader that has gone must not wait for unwanted bytes.
  bytes.once('close', () => {
    reading.isOver = true
    reading.answer.body.destroy()
  })
  return { ...head, bytes }
}

/** The answer of a GET; null if the key is missing. A missing bucket throws. */
const open = (wire: Wire, key: string, headers: Record<string, string>): Promise<ResponseData | null> =>
  wire
    .ask({ method: 'GET', key, headers, takes: [416] }, async (answer) => answer)
    .catch((error) => {
      if (isNoSuchKey(error)) return null
      throw error
    })

/** A whole body; resumes after an interruption. */
async function* readingOn(wire: Wire, key: string, reading: Reading): AsyncGenerator<Buffer> {
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
      if (reading.isOver || !etag || ++cuts > MOST_CUTS) throw outageOf(wire.host, error)
      const next = await open(wire, key, { range: `bytes=${at}-${ends - 1}`, 'if-match': etag })
      if (next?.statusCode !== 206) throw outageOf(wire.host, error)
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
    throw new S3Error(messages.readOtherwise({ host: wire.host }), { s3Code: 'BadDigest', status: 200 })
  }
}

/** The start and the exclusive end of a partial answer. */
function rangeOf({ headers }: ResponseData): [number, number] {
  const [, start, end] = /^bytes (\d+)-(\d+)\//.exec(String(headers['content-range'])) ?? []
  return [Number(start), Number(end) + 1]
}

const iterated = ({ body }: ResponseData) => (body as Readable)[Symbol.asyncIterator]() as AsyncIterator<Buffer>
