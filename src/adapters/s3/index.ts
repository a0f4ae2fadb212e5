import type { Readable } from 'node:stream'
import { encodedKey } from './address.ts'
import { lazyWire } from './lazy-wire.ts'
import { listObjects, listUploads } from './listing.ts'
import { isNoSuchKey, type S3Head, type S3Object, type S3Upload } from './objects.ts'
import { getObject, headObject } from './reading.ts'
import type { ResponseData, S3Body, S3Options } from './wire.ts'
import { abortUpload, putNewObject, putObject } from './writing.ts'

export { S3Error } from './errors.ts'
export { bodyOf } from './objects.ts'
export type { S3Body, S3Options } from './wire.ts'

/**
 * One bucket of S3-compatible storage. Failures throw an `S3Error` whose message says what is wrong and what to check.
 * Temporary failures have been retried by then.
 */
export interface S3Client {
  /** For messages to people. */
  readonly host: string
  readonly bucket: string
  /**
   * Stores bytes under a key, replacing any before; never a part of them. Sends an `S3Body` whole, and a stream of
   * unknown length in parts with at most one in memory. `expectedBytes` is needed above 80 GB.
   */
  put(key: string, bytes: S3Body | Readable, expectedBytes?: number): Promise<{ size: number; sha256: string }>
  /** Stores bytes if the key has none; false if it has. */
  putNew(key: string, bytes: S3Body): Promise<boolean>
  /**
   * The bytes under a key, or a part of them (both ends inclusive); null if there are none. Resumes interrupted reads.
   */
  get(key: string, part?: { start: number; end: number }): Promise<(S3Head & { bytes: Readable }) | null>
  head(key: string): Promise<S3Head | null>
  /** All objects with this prefix, sorted by key; with `flat`, only those without a further slash. */
  list(prefix: string, how?: { flat?: boolean }): AsyncGenerator<S3Object>
  /** Uploads in parts with this prefix that were neither completed nor aborted; `list` does not show them. */
  unfinished(prefix: string): AsyncGenerator<S3Upload>
  /** Removes the parts of such an upload. */
  abort(upload: S3Upload): Promise<void>
  /** An unknown key is no error. */
  remove(key: string): Promise<void>
  /** Copies within the storage; false if the source is missing. */
  copy(from: string, to: string): Promise<boolean>
  /** How far the storage's clock is ahead of this machine's, in milliseconds. */
  clockAhead(): Promise<number>
  close(): Promise<void>
}

export function s3Client(options: S3Options): S3Client {
  const { bucket } = options
  const wire = lazyWire(options)
  return {
    host: wire.host,
    bucket,
    head: (key) => headObject(wire, key),
    put: (key, bytes, expectedBytes = 0) => putObject(wire, key, bytes, expectedBytes),
    putNew: (key, body) => putNewObject(wire, key, body),
    get: (key, part) => getObject(wire, key, part),
    list: (prefix, { flat = false } = {}) => listObjects(wire, prefix, flat),

    unfinished: (prefix) => listUploads(wire, prefix),
    abort: ({ key, id }) => abortUpload(wire, key, id),

    async remove(key) {
      await wire
        .ask({ method: 'DELETE', key }, ({ body }) => body.dump())
        .catch((error) => {
          if (!isNoSuchKey(error)) throw error
        })
    },

    async copy(from, to) {
      const headers = { 'x-amz-copy-source': `/${bucket}/${encodedKey(from)}` }
      try {
        await wire.document({ method: 'PUT', key: to, headers })
        return true
      } catch (error) {
        if (isNoSuchKey(error)) return false
        throw error
      }
    },

    clockAhead: async () => {
      const [before, date] = [Date.now(), await wire.ask({ method: 'GET', key: null, query: ONE }, dateOf)]
      // The header has whole seconds.
      return date + 500 - (before + Date.now()) / 2
    },

    close: () => wire.close(),
  }
}

const ONE = { 'list-type': '2', 'max-keys': '1' }

async function dateOf({ headers, body }: ResponseData): Promise<number> {
  await body.dump()
  return Date.parse(String(headers.date))
}
