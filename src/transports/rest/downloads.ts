import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import parsedRange from 'range-parser'
import type { Opened, Part } from '../../core/data/files.ts'
import type { AnyOperation, Download } from '../../core/declare/operation.ts'
import type { BoundOperation } from '../../core/run/catalogue.ts'
import { problemFor, sendProblem } from '../http/index.ts'
import { messages } from './messages.ts'

type Opens = NonNullable<BoundOperation['opens']>

/** Opening a part tells the size of the whole, without its bytes. */
const FIRST_BYTE: Part = { start: 0, end: 0 }

/**
 * Sends a file, or the part of it that the request names (RFC 9110, 14), with the type that the feature declares. Its
 * content cannot act in the browser that opens it.
 */
export async function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  opens: Opens,
  { file: { key, name, type, inline }, open }: { file: Download } & Pick<AnyOperation, 'open'>,
): Promise<FastifyReply> {
  const { method, headers: asked } = request
  reply.headers({
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    // A file that needs a log-in must be authorized again each time.
    'cache-control': open ? 'public, max-age=31536000, immutable' : 'private, no-cache',
  })
  // Bytes that never change need not be opened for this.
  const fixed = tagOf(key)
  if (asked['if-none-match'] === fixed) return reply.header('etag', fixed).code(304).send()
  const isWhole = method === 'GET' && asked.range === undefined
  const found = await opens(key, isWhole ? undefined : FIRST_BYTE)
  if (!found) throw messages.contentGone()
  const { bytes, size, version } = found
  const etag = tagOf(key, version)
  reply.headers({ etag, 'accept-ranges': 'bytes' })
  if (asked['if-none-match'] === etag) {
    bytes.destroy()
    return reply.code(304).send()
  }
  const described = {
    'content-type': type.startsWith('text/') ? `${type}; charset=utf-8` : type,
    'content-length': size,
    'content-disposition': `${inline ? 'inline' : 'attachment'}; ${fileName(name)}`,
  }
  if (isWhole || method === 'HEAD') return reply.headers(described).send(bytes)
  bytes.destroy()
  const part = wantedPart(asked, size, etag)
  if (part === 'beyond') {
    reply.header('content-range', `bytes */${size}`)
    return sendProblem(reply, { ...problemFor(messages.beyondEnd({ size }), request), status: 416 })
  }
  const again = await opens(key, part ?? undefined)
  if (!again) throw messages.contentGone()
  return part ? sendPart(reply.headers(described), again, part) : reply.headers(described).send(again.bytes)
}

const sendPart = (reply: FastifyReply, { bytes, size }: Opened, { start, end }: Part): FastifyReply =>
  reply
    .code(206)
    .headers({ 'content-range': `bytes ${start}-${end}/${size}`, 'content-length': end - start + 1 })
    .send(bytes)

/** Identifies these bytes without revealing their key. */
const tagOf = (key: string, version = ''): string =>
  `"${createHash('sha256').update(`${key}${version}`).digest('base64url').slice(0, 22)}"`

/** The requested part; null for the whole. Several parts at once are not worth their format. */
function wantedPart(asked: FastifyRequest['headers'], size: number, etag: string): Part | 'beyond' | null {
  const { range = '', 'if-range': expected } = asked
  // The client has the beginning of other bytes.
  if (expected !== undefined && expected !== etag) return null
  const [, last] = /^bytes=-(\d+)$/.exec(range) ?? []
  // The parser refuses more last bytes than there are.
  const found = parsedRange(size, last === undefined ? range : `bytes=-${Math.min(Number(last), size)}`)
  if (found === -1) return 'beyond'
  if (found === -2 || found.type !== 'bytes') return null
  const [part, ...others] = found
  return part && !others.length ? part : null
}

/** A name for `Content-Disposition` (RFC 6266): in full, and in ASCII for older clients. */
function fileName(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  const full = encodeURIComponent(name).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`)
  return `filename="${plain}"; filename*=UTF-8''${full}`
}
