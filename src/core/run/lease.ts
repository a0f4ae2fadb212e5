/** Held by one process of an instance at a time. */
export interface Lease {
  /** Takes it if nobody has it, and keeps it as long as this is asked from time to time; false while another process has it. */
  hold(): Promise<boolean>
  /** Lets the next one have it. */
  release(): Promise<void>
}
