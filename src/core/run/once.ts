import { createHmac } from 'node:crypto'
import type { CallKey, Calls, KnownCall } from '../data/calls.ts'
import type { Caller } from '../data/space.ts'
import type { AnyOperation } from '../declare/operation.ts'
import { brief } from './brief.ts'
import { continuationOf } from './continuations.ts'
import { type Feature, feature } from './feature.ts'
import { messages } from './messages.ts'

/**
 * Each write is done once, however often it is sent. A client gives a write a key
 * (draft-ietf-httpapi-idempotency-key-header-07). A repeated key gets the same answer, and nothing is written or
 * published.
 */

/** The longest key, in characters. */
const LONGEST_KEY = 200

/** The most bytes of a remembered answer. A longer one is shortened, with a note of what is left out. */
const MOST_BYTES = 48_000

/** How long an action outside of the server can take, in milliseconds; another process may still be doing it. */
const STILL_RUNNING_MS = 120_000

/** Replaces values that are shown once in a repeated answer. */
export const SHOWN_ONCE = '(shown once, in the first answer)'

/** The answer of an earlier call. */
export interface Replay {
  readonly output: Record<string, unknown>
  /** When the call was made, ISO 8601. */
  readonly at: string
  /** What the answer leaves out, as text; null if it is complete. */
  readonly said: string | null
  /** Whether it was recognised by its input alone, because the first answer did not reach the client. */
  readonly lost: boolean
}

/** Thrown to end a call that was made before: under its key, or by a client that did not get the answer. */
export class MadeBefore {
  readonly call: KnownCall
  readonly lost: boolean
  constructor(call: KnownCall, lost = false) {
    this.call = call
    this.lost = lost
  }
}

/** The key of a write, or null if the client sent none. */
export function callKey({ effect }: AnyOperation, caller: Caller, key: string | undefined): CallKey | null {
  if (key === undefined || effect === 'read') return null
  if (!key || key.length > LONGEST_KEY) {
    throw messages.keyLength({ count: key.length, maximum: LONGEST_KEY })
  }
  return { scope: scopeOf(caller), key }
}

/** The scope of the keys. In the app they outlive a log-in: the next session sends the pending writes. */
export const scopeOf = ({ way, grant, userId }: Caller): string =>
  way === 'web' || grant === null ? `user:${userId}` : grant

/** The hash of an input. It uses the key of the instance: an input can be a password, which could be guessed. */
export const hashOf = ({ name }: AnyOperation, input: Record<string, unknown>, secret: string): string =>
  createHmac('sha256', secret)
    .update(`${name} ${JSON.stringify(input, byContent)}`)
    .digest('base64url')

/** Uploaded files are equal if their bytes are, wherever they are stored. */
const byContent = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'digest' in value ? ({ ...value, key: undefined } as object) : value

/** The part of an answer to remember: without the values that are shown once, in any field. */
export function remembered(
  operation: AnyOperation,
  input: Record<string, unknown>,
  output: Record<string, unknown>,
): string {
  const { shownOnce } = operation
  const secrets = new Set(shownOnce.map((field) => output[field]).filter((value) => typeof value === 'string'))
  const hidden = (_key: string, value: unknown) =>
    typeof value === 'string' && secrets.has(value) ? SHOWN_ONCE : value
  const withoutSecrets = secrets.size ? (JSON.parse(JSON.stringify(output, hidden)) as Record<string, unknown>) : output
  const text = JSON.stringify({ output: withoutSecrets, said: null })
  if (Buffer.byteLength(text) <= MOST_BYTES) return text
  return JSON.stringify(
    brief(withoutSecrets, { most: MOST_BYTES, done: true, continuation: continuationOf(operation, input) }),
  )
}

/** The answer of an earlier call under the same key; a conflict if that was a different call. */
export function replayOf(
  operation: AnyOperation,
  hash: string,
  { call: { input_hash, answer, at, operation: name }, lost }: MadeBefore,
  now: string,
): Replay {
  if (input_hash !== hash) {
    if (name === operation.name) throw messages.keyUsedWithOtherInput({ at })
    throw messages.keyUsedForOther({ operation: name, at })
  }
  if (answer !== null) {
    const { output, said: notice } = JSON.parse(answer) as Pick<Replay, 'output' | 'said'>
    return { output, said: notice, at, lost }
  }
  if (Math.abs(Date.parse(now) - Date.parse(at)) < STILL_RUNNING_MS) {
    throw messages.stillRunning({ operation: operation.name }, { retryAfter: 5 })
  }
  throw messages.outcomeUnknown({ operation: operation.actsOutside?.name ?? '' }, { details: { begun_at: at } })
}

/** Makes equal keys wait for each other in this process instead of on the database. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>()

  async take<T>({ scope, key }: CallKey, work: () => Promise<T>): Promise<T> {
    const id = `${scope} ${key}`
    const before = this.#last.get(id)
    const turn = before ? before.then(work, work) : work()
    this.#last.set(id, turn)
    try {
      return await turn
    } finally {
      if (this.#last.get(id) === turn) this.#last.delete(id)
    }
  }
}

const HOUR_SECONDS = 3600

/** Forgets calls that are too old to be repeated. */
export const forgetting = (calls: Calls, seconds: number, clock: () => Date): Feature =>
  feature({
    name: 'remembered calls',
    contract: {},
    handlers: {},
    jobs: [
      {
        name: 'forget remembered calls',
        everySeconds: HOUR_SECONDS,
        byAge: true,
        run: () => calls.removeBefore(new Date(clock().getTime() - seconds * 1000).toISOString()),
      },
    ],
  })
