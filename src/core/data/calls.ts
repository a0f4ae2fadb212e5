/** By what a write is known that a client may send again. */
export interface CallKey {
  /** Whose key it is: `grant:7`, `token:3`, or in the app, whose log-ins change, `user:5`. */
  readonly scope: string
  readonly key: string
}

/** A write that was done, or at least begun, under a key. */
export interface KnownCall {
  readonly operation: string
  /** Stands for the input: under one key there is one input. HMAC-SHA-256 in base64url. */
  readonly input_hash: string
  readonly commit_id: string
  /** What was answered, as JSON; null as long as nobody knows whether it was done. */
  readonly answer: string | null
  /** When it was begun, ISO 8601. */
  readonly at: string
  /** In which space it was called, and by whom. */
  readonly home_space: string
  readonly home_id: number
  readonly user_id: number
}

/** The writes that are remembered by key, outside of any transaction. */
export interface Calls {
  find(id: CallKey): Promise<KnownCall | null>
  /** Remembers that something begins that a transaction cannot take back; gives who was there before. */
  begin(id: CallKey, call: KnownCall): Promise<KnownCall | null>
  /** Whether there was one to forget. */
  forget(id: CallKey): Promise<boolean>
  /** Forgets what was begun before this moment. */
  removeBefore(at: string): Promise<void>
}
