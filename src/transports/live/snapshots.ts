import type { Reader, Unread } from '../http/unread.ts'
import type { Page } from './pages.ts'

/** The most snapshots read at once: each holds all rows of its space until they are pages. */
const READ_AT_ONCE = 4

interface Job {
  readonly reader: Reader
  readonly start: () => void
}

/**
 * Schedules the reading of snapshots. Their pages are kept until the client has received them, so a person's snapshots
 * wait while much is kept for that person, but never for the slow clients of others.
 */
export class Snapshots {
  readonly #unread: Unread
  readonly #mostKept: number
  readonly #waiting = new Set<Job>()
  /** The people whose snapshot is being read. */
  readonly #reading = new Set<number>()

  constructor(unread: Unread, mostKept: number) {
    this.#unread = unread
    this.#mostKept = mostKept
  }

  /** Waits for its turn, reads, and keeps the pages; `read` returns null if there is nothing to keep. */
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
      // One at a time for each person: its size is known only after the read.
      if (this.#reading.has(userId) || this.#unread.keptFor(userId) >= this.#mostKept) continue
      this.#waiting.delete(job)
      this.#reading.add(userId)
      job.start()
    }
  }
}

/** The unsent pages of a snapshot. */
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

  /** Returns the next page and stops keeping it. */
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
