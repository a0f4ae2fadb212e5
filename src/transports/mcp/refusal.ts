import { INTERNAL_ERROR, INVALID_REQUEST, PARSE_ERROR } from '@modelcontextprotocol/server'
import type { FastifyError } from 'fastify'
import { ERRORS, TrekError } from '../../core/declare/errors.ts'
import { type Named, type Noted, noted } from '../http/unexpected.ts'
import { inOneLine } from './failures.ts'

/** Codes that JSON-RPC leaves to the implementation; the SDK uses the same ones. */
export const REFUSED = -32_000
export const NO_SESSION = -32_001

interface Particulars {
  headers?: Record<string, string>
  data?: unknown
  /** The id of the request, where it could be read. */
  id?: string | number | null
}

/** A request that is turned away: an HTTP status whose body is a JSON-RPC error. */
export class Refusal extends Error {
  readonly status: number
  readonly code: number
  readonly headers: Record<string, string>
  readonly data: unknown
  readonly id: string | number | null

  constructor(status: number, code: number, message: string, { headers = {}, data, id = null }: Particulars = {}) {
    super(message)
    this.status = status
    this.code = code
    this.headers = headers
    this.data = data
    this.id = id
  }

  /** The body it is answered with. */
  toJSON() {
    const { code, message, data, id } = this
    return { jsonrpc: '2.0', id, error: { code, message, ...(data !== undefined && { data }) } }
  }
}

/** What the HTTP layer refuses by itself, in the words of this protocol; null when it is a bug. */
export function refusalOf(error: FastifyError | TrekError | Refusal, maxBytes: number, request: Named): Refusal | null {
  if (error instanceof Refusal) return error
  if (error instanceof TrekError) {
    const { code, retryAfter } = error
    const json = { ...error.toJSON(), ...noted(error, request) }
    return new Refusal(ERRORS[code].status, REFUSED, inOneLine(json), {
      data: json,
      ...(retryAfter !== undefined && { headers: { 'retry-after': String(Math.ceil(retryAfter)) } }),
    })
  }
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new Refusal(413, REFUSED, `The request is too large: at most ${maxBytes} bytes are read`)
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new Refusal(415, REFUSED, 'Send Content-Type: application/json')
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
      return new Refusal(400, PARSE_ERROR, 'The body is not valid JSON')
  }
  if (error instanceof SyntaxError) return new Refusal(400, PARSE_ERROR, 'The body is not valid JSON')
  const status = error.statusCode
  return status !== undefined && status >= 400 && status < 500 ? new Refusal(status, REFUSED, error.message) : null
}

export const emptyBody = (): Refusal =>
  new Refusal(400, INVALID_REQUEST, 'The body is empty; send one JSON-RPC message as application/json')

export const bugRefusal = (data: Noted): Refusal =>
  new Refusal(500, INTERNAL_ERROR, `Something went wrong on the server; it is in the log as ${data.request_id}`, {
    data,
  })
