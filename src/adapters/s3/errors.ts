import { TrekError } from '../../core/declare/errors.ts'
import type { Message } from '../../core/declare/message.ts'
import { messages } from './messages.ts'
import { Unreadable } from './xml.ts'

/** A failure of S3-compatible storage: a message for the operator, without a full stop, and the storage's code. */
export class S3Error extends TrekError {
  readonly s3Code: string
  /** The HTTP status; 0 without an answer. */
  readonly status: number

  constructor(message: Message, { s3Code, status, cause }: { s3Code: string; status: number; cause?: unknown }) {
    super('unavailable', message, { retryAfter: 60, cause })
    this.s3Code = s3Code
    this.status = status
  }

  /** Whether it can work later without a change of settings. */
  get isPassing(): boolean {
    if (CERTIFICATE.test(this.s3Code)) return false
    return this.status === 0 || this.status >= 500 || this.status === 429 || PASSING.has(this.s3Code)
  }

  get isLate(): boolean {
    return this.s3Code === LATE
  }

  /** Whether the answer means that nothing was done. Any request can then be repeated. */
  get isRefusedForNow(): boolean {
    return this.status === 503 || this.status === 429 || ['SlowDown', CONFLICT].includes(this.s3Code)
  }
}

const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS/
const LATE = 'late'
/** Another client is writing the same key. */
const CONFLICT = 'ConditionalRequestConflict'
const PASSING = new Set(['SlowDown', 'RequestTimeout', 'OperationAborted', CONFLICT])

export interface BucketAddress {
  readonly host: string
  readonly bucket: string
  readonly region: string
}

export interface Told {
  readonly status: number
  readonly s3Code: string
  /** The storage's own message. */
  readonly says: string
  /** The bucket's real region, if the storage reports it. */
  readonly region: string | undefined
  /** The storage's time, in milliseconds. */
  readonly date: number
}

/** The error for an unexpected answer. */
export const refusalOf = (asked: BucketAddress, told: Told): S3Error =>
  new S3Error(refusal(asked, told), { s3Code: told.s3Code, status: told.status })

function refusal(
  { host, bucket, region }: BucketAddress,
  { status, s3Code, says, region: right, date }: Told,
): Message {
  switch (s3Code) {
    case 'RequestTimeTooSkewed': {
      const count = Math.round(Math.abs(Date.now() - date) / 60_000)
      return count > 0 ? messages.clocksDifferBy({ host, count }) : messages.clocksDiffer({ host })
    }
    case 'InvalidAccessKeyId':
      return messages.unknownKey({ host })
    case 'SignatureDoesNotMatch':
      return messages.wrongSignature({ host })
    case 'NoSuchBucket':
      return messages.noBucket({ bucket, host })
    case 'AccessDenied':
    case 'AllAccessDisabled':
      return messages.forbidden({ bucket, host })
    case 'PermanentRedirect':
    case 'TemporaryRedirect':
    case 'AuthorizationHeaderMalformed':
    case 'IllegalLocationConstraintException':
      return right
        ? messages.otherRegion({ bucket, region, host, right })
        : messages.wrongRegion({ bucket, region, host })
    case 'XAmzContentSHA256Mismatch':
    case 'BadDigest':
      return messages.arrivedOtherwise({ host, code: s3Code })
  }
  const detail = [status, s3Code, says].filter(Boolean).join(' ').slice(0, 300)
  return messages.failed({ host, detail })
}

/** The error for a missing or interrupted answer. */
export function outageOf(host: string, error: unknown): S3Error {
  if (error instanceof S3Error) return error
  if (error instanceof Unreadable) {
    return new S3Error(messages.noStorage({ host }), { s3Code: 'Unreadable', status: 200, cause: error })
  }
  const { name = '', code = '', message = '' } = innermost(error)
  if (/Timeout|Abort/.test(name) || /TIMEOUT|ETIMEDOUT/.test(code)) {
    return new S3Error(messages.late({ host }), { s3Code: LATE, status: 0, cause: error })
  }
  const outage = (): Message => {
    if (CERTIFICATE.test(code)) return messages.wrongCertificate({ host, code })
    return code === 'ENOTFOUND' ? messages.noHost({ host }) : messages.unreachable({ host, reason: code || message })
  }
  return new S3Error(outage(), { s3Code: code, status: 0, cause: error })
}

function innermost(error: unknown): { name?: string; code?: string; message?: string } {
  const { cause, errors } = error as { cause?: unknown; errors?: unknown[] }
  const inner = cause ?? errors?.[0]
  return inner instanceof Error ? innermost(inner) : (error as Error)
}
