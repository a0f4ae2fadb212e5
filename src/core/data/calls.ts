/** The key of a write that a client can send again. */
export interface CallKey {
  /** The owner of the key: `grant:7`, `token:3`, or `user:5` in the app, whose log-ins change. */
  readonly scope: string
  readonly key: string
}

/** A write that was done, or at least begun, under a key. */
export interface KnownCall {
  readonly operation: string
  /** Identifies the input, since a key is valid for one input. HMAC-SHA-256 in base64url. */
  readonly input_hash: string
  readonly commit_id: string
  /** The answer, as JSON; null while the outcome is unknown. */
  readonly answer: string | null
  /** When it began, ISO 8601. */
  readonly at: string
  /** The space it was called in, and the caller. */
  readonly home_space: string
  readonly home_id: number
  readonly user_id: number
}

/** The writes remembered by key, outside of any transaction. */
export interface Calls {
  find(id: CallKey): Promise<KnownCall | null>
  /**
   * Remembers the start of a write that a transaction cannot undo. Returns an earlier call under the same key, or null.
   */
  begin(id: CallKey, call: KnownCall): Promise<KnownCall | null>
  /** Returns whether there was one to forget. */
  forget(id: CallKey): Promise<boolean>
  /** Forgets the calls that began before this moment. */
  removeBefore(at: string): Promise<void>
}
