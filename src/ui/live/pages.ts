import type { FromServer, WireRow } from './frames.ts'

type Page = Extract<FromServer, { type: 'snapshot' }>
type Rows = Record<string, WireRow[]>

/** Collects the pages of a snapshot until the last one has arrived. */
export class Pages {
  #rows: Rows = {}
  /** The next page; -1 if the remaining pages belong to a snapshot that is no longer wanted. */
  #next = -1

  /** All rows, once the last page has arrived. */
  take({ page, more, rows }: Page): Rows | null {
    if (page === 0) {
      this.#rows = {}
      this.#next = 0
    }
    if (page !== this.#next) return null
    this.#next++
    for (const [entity, some] of Object.entries(rows)) {
      const existing = this.#rows[entity]
      if (existing) for (const row of some) existing.push(row)
      else this.#rows[entity] = [...some]
    }
    if (more) return null
    const all = this.#rows
    this.drop()
    return all
  }

  /** Drops the pages so far. */
  drop(): void {
    this.#rows = {}
    this.#next = -1
  }
}
