import { type Profiler, Session } from 'node:inspector'

interface Measurement<T> {
  readonly stepCount: number
  readonly answer: T
}

/**
 * Counts the steps of this process: the calls of each function and the runs of each block, including loop iterations. The
 * same work gives the same number on every machine under any load. Only code that is loaded after the start is counted in
 * full, so a test starts this before it imports the code that it measures.
 */
export class Steps {
  readonly #session = new Session()

  constructor() {
    this.#session.connect()
    this.#session.post('Profiler.enable')
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
  }

  /** The number of steps since the last call. */
  takeSteps(): number {
    let steps = 0
    for (const { url, functions } of this.#coverage()) {
      // Node's own code is counted only if it was compiled after the start.
      if (url.startsWith('node:')) continue
      for (const { ranges } of functions) for (const { count } of ranges) steps += count
    }
    return steps
  }

  /**
   * The steps of this work, and its result. Timers of the server can only add steps. Work that takes `most` steps or more is
   * therefore measured again, and the smallest number counts.
   */
  async of<T>(work: () => Promise<T>, most = Number.POSITIVE_INFINITY): Promise<Measurement<T>> {
    this.takeSteps()
    return this.next(work, most)
  }

  /** As `of`, directly after another measurement. Reading the counters takes longer than most requests. */
  async next<T>(work: () => Promise<T>, most = Number.POSITIVE_INFINITY): Promise<Measurement<T>> {
    const measure = async () => ({ answer: await work(), stepCount: this.takeSteps() })
    let smallest = await measure()
    for (let attempt = 0; attempt < 5 && smallest.stepCount >= most; attempt++) {
      const another = await measure()
      if (another.stepCount < smallest.stepCount) smallest = another
    }
    return smallest
  }

  end(): void {
    this.#session.disconnect()
  }

  #coverage(): Profiler.ScriptCoverage[] {
    let coverage: Profiler.ScriptCoverage[] = []
    // The callback runs before `post` returns, because the session is in this thread.
    this.#session.post('Profiler.takePreciseCoverage', (error, { result }) => {
      if (error) throw error
      coverage = result
    })
    return coverage
  }
}
