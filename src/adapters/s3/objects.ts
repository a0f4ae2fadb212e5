import { createHash } from 'node:crypto'
import { S3Error } from './errors.ts'
import type { ResponseData, S3Body } from './wire.ts'
import { type Element, textIn } from './xml.ts'

export interface S3Object {
  readonly key: string
  readonly size: number
  /** The time of writing by the storage's clock, in milliseconds. */
  readonly modified: number
}

export interface S3Head extends Omit<S3Object, 'key'> {
  /** The SHA-256 that the storage checked and kept, in base64url; null if it keeps none. */
  readonly sha256: string | null
}

/** Asks for the checksum of an object. */
export const WITH_CHECKSUM = { 'x-amz-checksum-mode': 'ENABLED' }

/** The checksum of a body, for the storage to check. */
export const checksumOf = ({ sha256 }: S3Body) => ({
  'x-amz-checksum-sha256': Buffer.from(sha256, 'base64url').toString('base64'),
})

/** The body of a few bytes. */
export const bodyOf = (bytes: Buffer): S3Body => ({
  size: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('base64url'),
  open: () => bytes,
})

export function headOf({ headers }: ResponseData): S3Head {
  const total = /\/(\d+)$/.exec(String(headers['content-range'] ?? ''))?.[1]
  const checksum = String(headers['x-amz-checksum-sha256'] ?? '')
  return {
    size: Number(total ?? headers['content-length'] ?? 0),
    modified: Date.parse(String(headers['last-modified'])) || 0,
    // The checksum of a multipart object covers its parts and ends in their number.
    sha256: /^[A-Za-z0-9+/]{43}=$/.test(checksum) ? Buffer.from(checksum, 'base64').toString('base64url') : null,
  }
}

/** A part upload that was neither completed nor aborted. */
export interface S3Upload {
  readonly key: string
  readonly id: string
  /** The time of its start by the storage's clock, in milliseconds. */
  readonly began: number
}

/** A key in a list page, which can be URL-encoded. */
export function keyIn(element: Element, name: string, isEncoded: boolean): string {
  const key = textIn(element, name) ?? ''
  return isEncoded ? decodeURIComponent(key.replaceAll('+', ' ')) : key
}

/** An object of a list page. */
export function objectOf(element: Element, isEncoded: boolean): S3Object {
  return {
    key: keyIn(element, 'Key', isEncoded),
    size: Number(textIn(element, 'Size')),
    modified: Date.parse(textIn(element, 'LastModified') ?? ''),
  }
}

/** Whether an object is missing; a missing bucket is another error. */
export const isNoSuchKey = (error: unknown): boolean =>
  error instanceof S3Error && error.status === 404 && error.s3Code !== 'NoSuchBucket'
