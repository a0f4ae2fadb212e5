import type { Params } from '../../core/declare/message.ts'
import { textOf } from '../message.ts'
import { type Change, type FrameAuthor, type FromClient, type FromServer, keyOf, type Ref } from './frames.ts'
import { Pages } from './pages.ts'
import { SpaceRows } from './space-rows.ts'
import { type Unpack, unpack } from './unpack.ts'

/** The part of a WebSocket that this module uses. */
export interface Line {
  binaryType: 'arraybuffer'
  onopen: (() => void) | null
  onmessage: ((event: { data: string | ArrayBuffer }) => void) | null
  onclose: ((event: { code: number }) => void) | null
  send(text: string): void
  close(): void
}

/** Called with the changes of other people and assistants. */
export type Witness = (ref: Ref, by: FrameAuthor, changes: readonly Change[]) => void

interface Followed {
  readonly ref: Ref
  /** The epoch, and the server's name of the person's view; a reconnect sends both. */
  known: { readonly epoch: string; readonly view: string } | null
  /** The server has reset the space and has not sent a new snapshot yet. */
  isReset: boolean
  readonly rows: SpaceRows
  /** The part of an incomplete snapshot that has arrived. */
  readonly pages: Pages
  followers: number
}

const FIRST_WAIT_MS = 400
const LONGEST_WAIT_MS = 15_000
/** After this many failures in a row, the log-in may have ended. */
const DOUBT_AFTER = 2
/** How long the data of a closed page is kept, so that going back is instant. */
const LINGER_MS = 30_000
/** The server closes with this code when the session is over. */
export const LOGGED_OUT = 4401

/**
 * One connection for all live data. It follows spaces while they are on screen, reconnects by itself, and then requests
 * only what was missed.
 */
export class Live {
  readonly #open: () => Line
  readonly #me: number
  readonly #unpack: Unpack
  readonly #spaces = new Map<string, Followed>()
  readonly #witnesses = new Set<Witness>()
  #line: Line | null = null
  #ready = false
  /** Processes frames in the order they arrived: frames behind a packed one wait until it is unpacked. */
  #unpacking: Promise<void> | null = null
  #attempts = 0
  #retry: ReturnType<typeof setTimeout> | undefined
  #closed = false
  /** Called when the server reports that the log-in has ended. */
  onLoggedOut: (() => void) | null = null
  /** Called when the connection keeps failing: a refusal and a lost network look the same from here. */
  onDoubt: (() => void) | null = null
  /**
   * Called when everything has been reloaded after a reset: add-ons or the person's rights may have changed. Not
   * earlier, because until then they may change once more without another reset.
   */
  onReset: (() => void) | null = null

  constructor(open: () => Line, me: number, unpacks: Unpack = unpack) {
    this.#open = open
    this.#me = me
    this.#unpack = unpacks
  }

  /** Whether somebody else did it: another person, or any assistant, including one's own. */
  isForeign(by: FrameAuthor): boolean {
    return by.user_id !== this.#me || by.way === 'mcp'
  }

  /** Whether this is the person using the page. */
  isMe(userId: number): boolean {
    return userId === this.#me
  }

  /** The rows of a space, kept up to date until `leave` is called as often as `follow`. */
  follow(ref: Ref): SpaceRows {
    const key = keyOf(ref)
    let followed = this.#spaces.get(key)
    if (!followed) {
      followed = { ref, known: null, isReset: false, rows: new SpaceRows(), pages: new Pages(), followers: 0 }
      this.#spaces.set(key, followed)
      if (this.#ready) this.#subscribe(followed)
      else this.#connect()
    }
    followed.followers++
    return followed.rows
  }

  leave(ref: Ref): void {
    const key = keyOf(ref)
    const followed = this.#spaces.get(key)
    if (!followed) return
    followed.followers--
    setTimeout(() => {
      if (followed.followers > 0 || this.#spaces.get(key) !== followed) return
      this.#spaces.delete(key)
      this.#send({ type: 'unsubscribe', ...ref })
    }, LINGER_MS)
  }

  /** The rows of a followed space. */
  at(ref: Ref): SpaceRows | undefined {
    return this.#spaces.get(keyOf(ref))?.rows
  }

  witness(witness: Witness): () => void {
    this.#witnesses.add(witness)
    return () => this.#witnesses.delete(witness)
  }

  /** Reconnects at once instead of waiting, when the network or the page is back. */
  wake(): void {
    if (this.#ready || !this.#retry) return
    clearTimeout(this.#retry)
    this.#retry = undefined
    this.#connect()
  }

  /** Connects again after `close`; a new instance connects by itself as soon as something is followed. */
  open(): void {
    this.#closed = false
    if (this.#spaces.size) this.#connect()
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#retry)
    this.#retry = undefined
    this.#ready = false
    const line = this.#line
    this.#line = null
    if (!line) return
    line.onclose = null
    line.onmessage = null
    line.close()
  }

  #connect(): void {
    if (this.#line || this.#closed || this.#retry) return
    const line = this.#open()
    this.#line = line
    this.#unpacking = null
    line.binaryType = 'arraybuffer'
    line.onopen = () => {
      this.#ready = true
      this.#attempts = 0
      for (const followed of this.#spaces.values()) this.#subscribe(followed)
    }
    line.onmessage = ({ data }) => this.#receive(line, data)
    line.onclose = (event) => this.#lost(event.code)
  }

  #receive(line: Line, data: string | ArrayBuffer): void {
    if (typeof data === 'string' && !this.#unpacking) {
      this.#hear(JSON.parse(data) as FromServer)
      return
    }
    const text = typeof data === 'string' ? data : this.#unpack?.(data)
    const taken = Promise.all([text, this.#unpacking]).then(([frame]) => {
      if (this.#line === line && frame !== undefined) this.#hear(JSON.parse(frame) as FromServer)
    })
    this.#unpacking = taken
    taken.then(
      () => {
        if (this.#unpacking === taken) this.#unpacking = null
      },
      // Frames after a lost one are dropped too: a new connection continues after the last processed frame.
      () => line.close(),
    )
  }

  #lost(code: number): void {
    this.#line = null
    this.#ready = false
    if (this.#closed) return
    if (code === LOGGED_OUT) {
      this.onLoggedOut?.()
      return
    }
    for (const { rows } of this.#spaces.values()) if (rows.status === 'live') rows.setStatus('reconnecting')
    if (this.#attempts >= DOUBT_AFTER) this.onDoubt?.()
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#attempts++) * (0.7 + Math.random() * 0.6)
    this.#retry = setTimeout(() => {
      this.#retry = undefined
      this.#connect()
    }, wait)
  }

  #subscribe({ ref, rows, known: origin, pages }: Followed): void {
    pages.drop()
    const since = rows.seq !== null && origin ? { seq: rows.seq, ...origin } : {}
    this.#send({ type: 'subscribe', ...ref, ...since, ...(this.#unpack && { gzip: true }) })
  }

  #send(frame: FromClient): void {
    if (this.#ready) this.#line?.send(JSON.stringify(frame))
  }

  #hear(frame: FromServer): void {
    const followed = 'space' in frame && frame.space ? this.#spaces.get(keyOf(frame as Ref)) : undefined
    if (!followed) return
    const { rows, ref } = followed
    switch (frame.type) {
      case 'snapshot': {
        const all = followed.pages.take(frame)
        if (!all) break
        followed.known = { epoch: frame.epoch, view: frame.view }
        rows.load(frame.seq, all, frame.epoch)
        this.#send({ type: 'here', ...ref })
        if (followed.isReset) this.onReset?.()
        followed.isReset = false
        break
      }
      case 'resumed':
        rows.setStatus('live')
        this.#send({ type: 'here', ...ref })
        break
      case 'changes': {
        const foreign = this.isForeign(frame.by)
        rows.apply(frame.seq, frame.commit, frame.changes, foreign ? frame.by : null)
        if (foreign) for (const witness of this.#witnesses) witness(ref, frame.by, frame.changes)
        break
      }
      case 'presence':
        rows.setPeople(frame.people.filter((present) => present.user_id !== this.#me || present.way === 'mcp'))
        break
      case 'reset':
        rows.seq = null
        followed.known = null
        followed.isReset = true
        this.#subscribe(followed)
        break
      case 'error':
        rows.setStatus('gone', textOf({ key: frame.key, params: frame.params as Params, text: frame.message }))
        break
      case 'bye':
        rows.setStatus('gone', frame.reason)
        break
    }
  }
}
