/** The processes of one instance, as seen by one of them. */
export interface Processes {
  /** This process. */
  readonly id: string
  /** Whether another process may be running. If none is, there is nothing to announce or write. */
  readonly accompanied: boolean
  /** The other processes that have reported themselves alive. */
  living(): string[]
  /** Registers this process and looks for others. Can be called again. */
  enter(): Promise<void>
  /** Unregisters this process. */
  leave(): Promise<void>
  /** Whether another of the registered processes is alive. Waits at most this long for their answer. */
  answer(withinMs: number): Promise<boolean>
  /**
   * Notifies when other processes come or go. With `forgotten`, they had taken this process for gone: what it wrote for
   * them was deleted, and it is registered again.
   */
  listen(listener: (forgotten: boolean) => void): () => void
}
