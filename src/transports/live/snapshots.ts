import type { Reader, Unread } from '../http/unread.ts'
import type { Page } from './pages.ts'

/** So many snapshots are read at once: each holds all rows of its space until they are pages. */
const READ_AT_ONCE = 4

interface Job {
  readonly reader: Reader
  readonly start: () => void
}

/**
 * Decides when a snapshot is read. Its pages are kept until the client has taken them, so a person's snapshots wait while much is
 * kept for that person already, and none waits for the slow clients of somebody else.
 */
export class Snapshots {
  readonly #unread: Unread
  readonly #mostKept: number
  readonly #waiting = new Set<Job>()
  /** The people for whom one is read. */
  readonly #reading = new Set<number>()

  constructor(unread: Unread, mostKept: number) {
    this.#unread = unread
    this.#mostKept = mostKept
  }

  /** Waits for its turn, reads, and keeps the pages; `read` gives null where there is nothing to keep. */
  async take<Shot extends { readonly pages: readonly Page[] }>(
    reader: Reader,
    read: () => Promise<Shot | null>,
  ): Promise<{ readonly shot: Shot; readonly pages: Kept } | null> {
    await new Promise<void>((start) => {
      this.#waiting.add({ reader, start })
      this.#next()
    })
    try {
      const shot = await read()
      return shot && { shot, pages: new Kept(shot.pages, (bytes) => this.#keep(reader, bytes)) }
    } finally {
      this.#reading.delete(reader.userId)
      this.#next()
    }
  }

  #keep(reader: Reader, bytes: number): void {
    this.#unread.keep(reader, bytes)
    if (bytes < 0) this.#next()
  }

  #next(): void {
    for (const job of this.#waiting) {
      if (this.#reading.size >= READ_AT_ONCE) return
      const { userId } = job.reader
      // One after the other for each person: only when one is read is it known how much of it is kept.
      if (this.#reading.has(userId) || this.#unread.keptFor(userId) >= this.#mostKept) continue
      this.#waiting.delete(job)
      this.#reading.add(userId)
      job.start()
    }
  }
}

/** The pages of a snapshot that have not been sent yet. */
export class Kept {
  readonly #pages: Page[]
  readonly #changed: (bytes: number) => void

  constructor(pages: readonly Page[], changed: (bytes: number) => void) {
    this.#pages = [...pages]
    this.#changed = changed
    changed(sizeOf(pages))
  }

  get left(): number {
    return this.#pages.length
  }

  /** The next page, which is kept no longer. */
  next(): Page | null {
    const page = this.#pages.shift() ?? null
    if (page) this.#changed(-page.data.length)
    return page
  }

  drop(): void {
    this.#changed(-sizeOf(this.#pages.splice(0)))
  }
}

const sizeOf = (pages: readonly Page[]): number => pages.reduce((sum, { data }) => sum + data.length, 0)
