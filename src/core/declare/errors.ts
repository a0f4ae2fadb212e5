/**
 * Everything that can go wrong on purpose. The code is stable, the message is for people, the hint tells a model what to do
 * next. Whatever else is thrown is a bug.
 */
export const ERRORS = {
  invalid: { status: 400, title: 'The request is not valid' },
  unauthenticated: { status: 401, title: 'Please log in' },
  forbidden: { status: 403, title: 'Not allowed' },
  addon_off: { status: 403, title: 'This part is switched off' },
  not_found: { status: 404, title: 'Not found' },
  conflict: { status: 409, title: 'This does not fit what is there' },
  rate_limited: { status: 429, title: 'Too many requests' },
  bug: { status: 500, title: 'Something went wrong on the server' },
  unavailable: { status: 503, title: 'Not available right now' },
} as const

export type ErrorCode = keyof typeof ERRORS

/** One thing that is wrong with the input: where it is and what is allowed there. */
export interface Issue {
  path: string
  message: string
}

interface Particulars {
  hint?: string
  issues?: Issue[]
  /** Seconds until it is worth trying again. */
  retryAfter?: number
  /** Machine-readable facts that belong to the error, such as what a change would delete. */
  details?: Record<string, unknown>
  /** What went wrong underneath: for logs and for whoever decides on it, never sent. */
  cause?: unknown
}

export class TrekError extends Error {
  override readonly name = 'TrekError'
  readonly code: ErrorCode
  readonly hint: string | undefined
  readonly issues: Issue[]
  readonly retryAfter: number | undefined
  readonly details: Record<string, unknown> | undefined

  constructor(code: ErrorCode, message: string, particulars: Particulars = {}) {
    super(message, { cause: particulars.cause })
    this.code = code
    this.hint = particulars.hint
    this.issues = particulars.issues ?? []
    this.retryAfter = particulars.retryAfter
    this.details = particulars.details
  }

  /** The one form in which an error leaves the server; every way in wraps it in its own envelope. */
  toJSON() {
    return {
      code: this.code,
      message: this.message,
      ...(this.hint && { hint: this.hint }),
      ...(this.issues.length > 0 && { issues: this.issues }),
      ...(this.retryAfter !== undefined && { retry_after: this.retryAfter }),
      ...(this.details && { details: this.details }),
    }
  }
}

const make =
  (code: ErrorCode) =>
  (message: string, particulars?: Particulars): TrekError =>
    new TrekError(code, message, particulars)

export const invalid = make('invalid')
export const unauthenticated = make('unauthenticated')
export const forbidden = make('forbidden')
export const addonOff = make('addon_off')
export const notFound = make('not_found')
export const conflict = make('conflict')
export const rateLimited = make('rate_limited')
export const unavailable = make('unavailable')

/** An error of ours for what the system has too little of for now (errno(3)); null for any other error. */
export function shortageOf(error: unknown): TrekError | null {
  if (!['EMFILE', 'ENFILE'].includes((error as { code?: string }).code ?? '')) return null
  return unavailable('The server has too many files and connections open', {
    hint: 'Try again in a moment. Its administrator can raise the limit of open files (ulimit -n).',
    retryAfter: 5,
    cause: error,
  })
}

/** The error for one field of the input, where only the handler can know that it is wrong. */
export const invalidField = (path: string, message: string, hint?: string): TrekError =>
  invalid(`${path}: ${message}`, { issues: [{ path, message }], ...(hint && { hint }) })

/** How a call ended, in one word: `ok`, or the code of the error. */
export const outcomeOf = (error: unknown): ErrorCode | 'ok' =>
  error === null ? 'ok' : error instanceof TrekError ? error.code : 'bug'

/** Whether an error says for certain that nothing was written: a server in trouble may have lost the answer to a commit. */
export const isRefusal = (error: unknown): boolean => error instanceof TrekError && ERRORS[error.code].status < 500
