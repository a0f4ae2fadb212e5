import type { FromServer, WireRow } from './frames.ts'

type Page = Extract<FromServer, { type: 'snapshot' }>
type Rows = Record<string, WireRow[]>

/** Puts the pages of a snapshot aside until the last one is there. */
export class Pages {
  #rows: Rows = {}
  /** Which page comes next; -1 where the ones that still come belong to a snapshot that is not wanted any more. */
  #next = -1

  /** All rows, once this is the last page of them. */
  take({ page, more, rows }: Page): Rows | null {
    if (page === 0) {
      this.#rows = {}
      this.#next = 0
    }
    if (page !== this.#next) return null
    this.#next++
    for (const [entity, some] of Object.entries(rows)) {
      const known = this.#rows[entity]
      if (known) for (const row of some) known.push(row)
      else this.#rows[entity] = [...some]
    }
    if (more) return null
    const all = this.#rows
    this.drop()
    return all
  }

  /** Forgets what has come so far. */
  drop(): void {
    this.#rows = {}
    this.#next = -1
  }
}
