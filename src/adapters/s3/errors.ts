import { TrekError } from '../../core/declare/errors.ts'
import { Unreadable } from './xml.ts'

/** What S3-compatible storage did not do: in words for whoever runs the server, without a full stop, and as the code it gave. */
export class S3Error extends TrekError {
  readonly s3Code: string
  /** Of the answer; 0 where there was none. */
  readonly status: number

  constructor(message: string, { s3Code, status, cause }: { s3Code: string; status: number; cause?: unknown }) {
    super('unavailable', message, { retryAfter: 60, cause })
    this.s3Code = s3Code
    this.status = status
  }

  /** Whether it may work later, without a change of any setting. */
  get isPassing(): boolean {
    if (CERTIFICATE.test(this.s3Code)) return false
    return this.status === 0 || this.status >= 500 || this.status === 429 || PASSING.has(this.s3Code)
  }

  get isLate(): boolean {
    return this.s3Code === LATE
  }

  /** Whether the answer says that nothing was done: it may then be asked again, whatever it was. */
  get isRefusedForNow(): boolean {
    return this.status === 503 || this.status === 429 || ['SlowDown', CONFLICT].includes(this.s3Code)
  }
}

const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS/
const LATE = 'late'
/** Somebody else writes under the same key at this moment. */
const CONFLICT = 'ConditionalRequestConflict'
const PASSING = new Set(['SlowDown', 'RequestTimeout', 'OperationAborted', CONFLICT])

export interface Asked {
  readonly host: string
  readonly bucket: string
  readonly region: string
}

export interface Told {
  readonly status: number
  readonly s3Code: string
  /** In the words of the storage. */
  readonly says: string
  /** Where the storage says that the bucket is elsewhere. */
  readonly region: string | undefined
  /** What time the storage had, in milliseconds. */
  readonly date: number
}

/** The error for an unexpected answer. */
export function refusalOf({ host, bucket, region }: Asked, told: Told): S3Error {
  const { status, s3Code, says } = told
  const words = (): string => {
    switch (s3Code) {
      case 'RequestTimeTooSkewed':
        return `The clock of this machine and that of the storage at ${host} differ${by(told.date)}: set both right, for example with NTP`
      case 'InvalidAccessKeyId':
        return `The storage at ${host} does not know the key in S3_ACCESS_KEY`
      case 'SignatureDoesNotMatch':
        return `The storage at ${host} does not take the signature: look at S3_SECRET_KEY, and whether S3_REGION is that of the bucket`
      case 'NoSuchBucket':
        return `There is no bucket ${bucket} at ${host}: make it, or look at its name and at S3_ENDPOINT`
      case 'AccessDenied':
      case 'AllAccessDisabled':
        return `The storage at ${host} forbids it for the bucket ${bucket}: the key in S3_ACCESS_KEY must be allowed to read, write, delete and list there`
      case 'PermanentRedirect':
      case 'TemporaryRedirect':
      case 'AuthorizationHeaderMalformed':
      case 'IllegalLocationConstraintException':
        return `The bucket ${bucket} is not in the region ${region} at ${host}: ${
          told.region ? `S3_REGION should be ${told.region}` : 'look at S3_REGION and S3_ENDPOINT'
        }`
      case 'XAmzContentSHA256Mismatch':
      case 'BadDigest':
        return `What arrived at the storage at ${host} is not what was sent (${s3Code})`
    }
    const detail = [status, s3Code, says].filter(Boolean).join(' ').slice(0, 300)
    return `The storage at ${host} answered with an error (${detail})`
  }
  return new S3Error(words(), { s3Code, status })
}

function by(date: number): string {
  const minutes = Math.round(Math.abs(Date.now() - date) / 60_000)
  return minutes > 0 ? ` by ${minutes} minutes` : ''
}

/** The error for a storage that did not answer, or broke off. */
export function outageOf(host: string, error: unknown): S3Error {
  if (error instanceof S3Error) return error
  if (error instanceof Unreadable) {
    const message = `What answers at ${host} is no S3-compatible storage: look at S3_ENDPOINT`
    return new S3Error(message, { s3Code: 'Unreadable', status: 200, cause: error })
  }
  const { name = '', code = '', message = '' } = innermost(error)
  if (/Timeout|Abort/.test(name) || /TIMEOUT|ETIMEDOUT/.test(code)) {
    return new S3Error(`The storage at ${host} did not answer in time`, { s3Code: LATE, status: 0, cause: error })
  }
  const words = (): string => {
    if (CERTIFICATE.test(code)) {
      return `The certificate of the storage at ${host} is not trusted (${code}): NODE_EXTRA_CA_CERTS can name the file of its authority`
    }
    if (code === 'ENOTFOUND') return `There is no host ${host}: look at S3_ENDPOINT`
    return `The storage at ${host} cannot be reached (${code || message})`
  }
  return new S3Error(words(), { s3Code: code, status: 0, cause: error })
}

function innermost(error: unknown): { name?: string; code?: string; message?: string } {
  const { cause, errors } = error as { cause?: unknown; errors?: unknown[] }
  const inner = cause ?? errors?.[0]
  return inner instanceof Error ? innermost(inner) : (error as Error)
}
