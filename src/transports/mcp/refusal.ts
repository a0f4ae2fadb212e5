import { INTERNAL_ERROR, INVALID_REQUEST, PARSE_ERROR } from '@modelcontextprotocol/server'
import type { FastifyError } from 'fastify'
import { ERRORS, TrekError } from '../../core/declare/errors.ts'
import { type Named, type Noted, noted } from '../http/unexpected.ts'
import { inOneLine } from './failures.ts'

/** Codes in the range that JSON-RPC leaves to implementations; the SDK uses the same ones. */
export const REFUSED = -32_000
export const NO_SESSION = -32_001

interface Particulars {
  headers?: Record<string, string>
  data?: unknown
  /** The id of the request, if it could be read. */
  id?: string | number | null
}

/** A rejected request: an HTTP status with a JSON-RPC error as the body. */
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

  /** The body of the answer. */
  toJSON() {
    const { code, message, data, id } = this
    return { jsonrpc: '2.0', id, error: { code, message, ...(data !== undefined && { data }) } }
  }
}

/** An error of the HTTP layer as a JSON-RPC refusal; null for a bug. */
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
