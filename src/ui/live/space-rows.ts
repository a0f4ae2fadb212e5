import type { Change, FrameAuthor, Present, WireRow } from './frames.ts'

/** A change that is shown before the server has confirmed it. */
export type Guess =
  | { readonly entity: string; readonly action: 'insert'; readonly row: WireRow }
  | { readonly entity: string; readonly action: 'patch'; readonly id: number; readonly values: Record<string, unknown> }
  | { readonly entity: string; readonly action: 'remove'; readonly id: number }

/** Settles guesses when the answer arrives. */
export interface Guessed {
  /**
   * The server agreed: each guess stays until the server's change replaces it. A guessed row is replaced by the one in
   * the answer in the same step.
   */
  resolve(answered?: { readonly entity: string; readonly row: WireRow }): void
  /** The server refused: removes the guesses. */
  rollBack(): void
}

/** A row that somebody else has just changed. */
export interface Glow {
  readonly by: FrameAuthor
  /** Grows with each change, so that the same row can glow again. */
  readonly turn: number
}

interface Overlay {
  readonly guess: Guess
  /** The write that it anticipates. */
  readonly commit: string
  resolved: boolean
}

interface Table {
  readonly rows: Map<number, WireRow>
  readonly removed: Set<number>
  overlays: Overlay[]
  visible: readonly WireRow[] | null
}

export type Status = 'loading' | 'live' | 'reconnecting' | 'gone'

const SETTLED_GUESS_LIVES_MS = 5000
const GLOW_LIVES_MS = 5000

/**
 * The rows of one space as shown: the server's rows, overlaid with the person's own unconfirmed changes. Listeners
 * subscribe by topic: an entity's name, `glow`, `change` for any of them, or `space` for status and presence.
 */
export class SpaceRows {
  status: Status = 'loading'
  /** Why it is gone, as stated by the server. */
  reason = ''
  people: readonly Present[] = []
  /** The number of the last change included; null until loaded. */
  seq: number | null = null
  /** The epoch that the number belongs to. */
  #epoch: string | null = null
  readonly #tables = new Map<string, Table>()
  readonly #listeners = new Map<string, Set<() => void>>()
  readonly #glows = new Map<string, Glow>()
  #turn = 0

  listen(topic: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(topic) ?? new Set()
    this.#listeners.set(topic, listeners.add(listener))
    return () => listeners.delete(listener)
  }

  /** The rows of an entity as shown; the same array until one of them changes. */
  rows(entity: string): readonly WireRow[] {
    const table = this.#table(entity)
    table.visible ??= visibleRows(table)
    return table.visible
  }

  glow(entity: string, id: number): Glow | null {
    return this.#glows.get(`${entity}:${id}`) ?? null
  }

  setStatus(status: Status, reason = ''): void {
    if (this.status === status && this.reason === reason) return
    this.status = status
    this.reason = reason
    this.#tell('space')
  }

  setPeople(people: readonly Present[]): void {
    this.people = people
    this.#tell('space')
  }

  /** The base of a write that begins now (`If-Changes-Since`); undefined until loaded. */
  base(): string | undefined {
    return this.seq === null || this.#epoch === null ? undefined : `${this.seq}; epoch="${this.#epoch}"`
  }

  /** Replaces the rows with the server's; unconfirmed guesses stay. */
  load(seq: number, rows: Record<string, WireRow[]>, epoch: string | null = null): void {
    this.seq = seq
    this.#epoch = epoch
    for (const entity of new Set([...this.#tables.keys(), ...Object.keys(rows)])) {
      const table = this.#table(entity)
      table.rows.clear()
      table.removed.clear()
      for (const row of rows[entity] ?? []) table.rows.set(row.id, row)
      table.overlays = table.overlays.filter((overlay) => !overlay.resolved)
      this.#touched(entity)
    }
    this.setStatus('live')
  }

  /** Applies committed changes in place of their guesses; `glowFor` is set if somebody else did it. */
  apply(seq: number, commit: string, changes: readonly Change[], glowFor: FrameAuthor | null): void {
    if (this.seq !== null && seq <= this.seq) return
    this.seq = seq
    const touched = new Set<string>()
    for (const change of changes) {
      const table = this.#table(change.entity)
      const id = change.action === 'remove' ? change.id : change.row.id
      if (change.action === 'remove') {
        table.rows.delete(id)
        table.removed.add(id)
      } else {
        table.rows.set(id, change.row)
        if (glowFor) this.#light(change.entity, id, glowFor)
      }
      touched.add(change.entity)
    }
    for (const [entity, table] of this.#tables) {
      const left = table.overlays.filter((overlay) => overlay.commit !== commit)
      if (left.length === table.overlays.length) continue
      table.overlays = left
      touched.add(entity)
    }
    for (const entity of touched) this.#touched(entity)
    this.#tell('change')
    if (glowFor) this.#tell('glow')
  }

  /** Takes a row from the answer to a call, so that it is there before its change arrives. */
  adopt(entity: string, row: WireRow): void {
    if (this.#keep(entity, row)) this.#touched(entity)
  }

  #keep(entity: string, row: WireRow): boolean {
    const table = this.#table(entity)
    if (table.rows.has(row.id) || table.removed.has(row.id)) return false
    table.rows.set(row.id, row)
    return true
  }

  /** Shows changes at once; the caller resolves them or rolls them back when the server has answered. */
  guess(commit: string, guesses: readonly Guess[]): Guessed {
    const overlays = guesses.map((guess): Overlay => ({ guess, commit, resolved: false }))
    for (const overlay of overlays) {
      this.#table(overlay.guess.entity).overlays.push(overlay)
      this.#touched(overlay.guess.entity)
    }
    const drop = (gone: (overlay: Overlay) => boolean) => {
      for (const entity of new Set(guesses.map((guess) => guess.entity))) {
        const table = this.#table(entity)
        table.overlays = table.overlays.filter((overlay) => !(overlays.includes(overlay) && gone(overlay)))
        this.#touched(entity)
      }
    }
    return {
      resolve: (answered) => {
        for (const overlay of overlays) overlay.resolved = true
        const isNew = answered ? this.#keep(answered.entity, answered.row) : false
        // A guessed new row has a temporary id that the server never confirms; its change replaces it.
        if (answered) drop(({ guess }) => guess.action === 'insert')
        if (answered && isNew) this.#touched(answered.entity)
        setTimeout(() => drop(() => true), SETTLED_GUESS_LIVES_MS)
      },
      rollBack: () => drop(() => true),
    }
  }

  #light(entity: string, id: number, by: FrameAuthor): void {
    const key = `${entity}:${id}`
    const glow = { by, turn: ++this.#turn }
    this.#glows.set(key, glow)
    setTimeout(() => {
      if (this.#glows.get(key) !== glow) return
      this.#glows.delete(key)
      this.#tell('glow')
    }, GLOW_LIVES_MS)
  }

  #table(entity: string): Table {
    let table = this.#tables.get(entity)
    if (!table) this.#tables.set(entity, (table = { rows: new Map(), removed: new Set(), overlays: [], visible: null }))
    return table
  }

  #touched(entity: string): void {
    this.#table(entity).visible = null
    this.#tell(entity)
  }

  #tell(topic: string): void {
    for (const listener of this.#listeners.get(topic) ?? []) listener()
  }
}

function visibleRows({ rows, overlays }: Table): readonly WireRow[] {
  if (!overlays.length) return [...rows.values()]
  const seen = new Map(rows)
  for (const { guess } of overlays) {
    if (guess.action === 'insert') seen.set(guess.row.id, guess.row)
    else if (guess.action === 'remove') seen.delete(guess.id)
    else {
      const row = seen.get(guess.id)
      if (row) seen.set(guess.id, { ...row, ...guess.values })
    }
  }
  return [...seen.values()]
}
