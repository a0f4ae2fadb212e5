/** The processes of one instance, as one of them knows the others. */
export interface Processes {
  /** This process. */
  readonly id: string
  /** Whether another one may be there. While there is none, nothing has to be told, and nothing is written. */
  readonly accompanied: boolean
  /** The others that have shown that they live. */
  living(): string[]
  /** Shows this process to the others and looks who is there; again where it has done so already. */
  enter(): Promise<void>
  /** Takes this process away. */
  leave(): Promise<void>
  /** Whether another process lives, of those that are there now; waits for their answer, but not longer than this. */
  answer(withinMs: number): Promise<boolean>
  /**
   * Hears that others have come or gone. `forgotten` says that they took this process for gone: what it wrote for them is gone,
   * and it is there anew.
   */
  listen(listener: (forgotten: boolean) => void): () => void
}
