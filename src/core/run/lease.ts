/** Held by one process of an instance at a time. */
export interface Lease {
  /** Takes the lease if it is free, and keeps it while called regularly; false while another process has it. */
  hold(): Promise<boolean>
  /** Frees it for the next process. */
  release(): Promise<void>
}
