import type { Message, Params } from './message.ts'

/**
 * All expected errors. The code is stable, the message is for people, the hint tells a model what to do next. Any other
 * exception is a bug.
 */
export const ERRORS = {
  invalid: { status: 400, title: 'The request is not valid' },
  unauthenticated: { status: 401, title: 'Please log in' },
  forbidden: { status: 403, title: 'Not allowed' },
  addon_off: { status: 403, title: 'This part is switched off' },
  not_found: { status: 404, title: 'Not found' },
  conflict: { status: 409, title: 'Conflict with the current data' },
  rate_limited: { status: 429, title: 'Too many requests' },
  bug: { status: 500, title: 'Something went wrong on the server' },
  unavailable: { status: 503, title: 'Not available right now' },
} as const

export type ErrorCode = keyof typeof ERRORS

/** One fault of the input: where it is, and what is allowed there. */
export interface Issue {
  readonly path: string
  /** In English; `key` and `params` identify it for translation. */
  readonly message: string
  readonly key: string
  readonly params?: Params
}

export const issueAt = (path: string, { text, key, params }: Message): Issue => ({
  path,
  message: text,
  key,
  ...unlessEmpty(params),
})

const unlessEmpty = (params: Params) => (Object.keys(params).length > 0 ? { params } : {})

/** The details of an error besides its message. */
export interface Particulars {
  issues?: Issue[]
  /** Seconds until a retry makes sense. */
  retryAfter?: number
  /** Machine-readable facts of the error, such as what a change would delete. */
  details?: Record<string, unknown>
  /** The underlying error: for logs and for callers, never sent. */
  cause?: unknown
}

export class TrekError extends Error {
  override readonly name = 'TrekError'
  readonly code: ErrorCode
  readonly key: string
  readonly params: Params
  readonly hint: string | undefined
  readonly issues: Issue[]
  readonly retryAfter: number | undefined
  readonly details: Record<string, unknown> | undefined

  constructor(code: ErrorCode, { key, params, text, hint }: Message, particulars: Particulars = {}) {
    super(text, { cause: particulars.cause })
    this.code = code
    this.key = key
    this.params = params
    this.hint = hint
    this.issues = particulars.issues ?? []
    this.retryAfter = particulars.retryAfter
    this.details = particulars.details
  }

  /** The wire form of an error. Each transport wraps it in its own envelope. */
  toJSON() {
    return {
      code: this.code,
      message: this.message,
      key: this.key,
      ...unlessEmpty(this.params),
      ...(this.hint && { hint: this.hint }),
      ...(this.issues.length > 0 && { issues: this.issues }),
      ...(this.retryAfter !== undefined && { retry_after: this.retryAfter }),
      ...(this.details && { details: this.details }),
    }
  }
}

/** An error of one input field that only the handler can detect. */
export function invalidField(path: string, message: Message): TrekError {
  const { key, params, text, hint } = message
  const whole = { key, params, text: `${path}: ${text}`, ...(hint && { hint }) }
  return new TrekError('invalid', whole, { issues: [issueAt(path, message)] })
}

/** The outcome of a call in one word: `ok`, or the code of the error. */
export const outcomeOf = (error: unknown): ErrorCode | 'ok' =>
  error === null ? 'ok' : error instanceof TrekError ? error.code : 'bug'

/**
 * Whether it is certain from an error that nothing was written. A failing server may have lost the answer to a commit.
 */
export const isRefusal = (error: unknown): boolean => error instanceof TrekError && ERRORS[error.code].status < 500
