import { setImmediate as breathe } from 'node:timers/promises'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { FromServer } from './contract.ts'

const pack = promisify(gzip)

/** A frame in its sent form; packed ones are binary. */
export interface Page {
  readonly data: Buffer
  readonly binary: boolean
}

type Snapshot = Extract<FromServer, { type: 'snapshot' }>
type Head = Omit<Snapshot, 'page' | 'more' | 'rows'>

/** Bytes of rows in a page. */
const PAGE = 256 * 1024
/** Smaller pages are not worth packing. */
const WORTH_PACKING = 1024

/** The pages of a snapshot, made one after the other with pauses for other work. */
export async function pagesOf(
  head: Head,
  rows: Readonly<Record<string, readonly unknown[]>>,
  packed: boolean,
): Promise<Page[]> {
  const pages: Page[] = []
  for (const text of textsOf(head, rows, PAGE)) {
    const data = Buffer.from(text)
    const binary = packed && data.length >= WORTH_PACKING
    pages.push({ data: binary ? await pack(data) : data, binary })
    if (!binary) await breathe()
  }
  return pages
}

/** The frames of a snapshot as texts, each with about `most` bytes of rows, and at least one row. */
export function* textsOf(
  head: Head,
  rows: Readonly<Record<string, readonly unknown[]>>,
  most: number,
): Generator<string> {
  const fields = JSON.stringify(head).slice(0, -1)
  let page = 0
  let size = 0
  let tables: string[] = []
  const frame = (more: boolean) => `${fields},"page":${page++},"more":${more},"rows":{${tables.join()}}}`
  for (const [entity, list] of Object.entries(rows)) {
    let some: string[] = []
    const table = () => `${JSON.stringify(entity)}:[${some.join()}]`
    for (const row of list) {
      const text = JSON.stringify(row)
      const bytes = Buffer.byteLength(text)
      if (size > 0 && size + bytes > most) {
        tables.push(table())
        yield frame(true)
        tables = []
        some = []
        size = 0
      }
      some.push(text)
      size += bytes
    }
    tables.push(table())
  }
  yield frame(false)
}
