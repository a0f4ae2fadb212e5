import { type Caller, SYSTEM } from '../../../src/core/data/space.ts'
import type { AnyOperation, Output } from '../../../src/core/declare/operation.ts'
import { Pipeline } from '../../../src/core/run/pipeline.ts'
import type { World } from './world.ts'

/** The world as if this many days had passed. */
export function daysLater({ pipeline: { parts }, catalogue }: World, days: number) {
  const clock = () => new Date(Date.now() + days * 24 * 3600 * 1000)
  const pipeline = new Pipeline({ ...parts, clock })
  return {
    run: <Op extends AnyOperation>(operation: Op, input: object, caller: Caller): Promise<Output<Op>> =>
      pipeline.run(operation, input, caller),
    /** Runs the jobs that end the time in which something can be undone. */
    async endUndo(): Promise<void> {
      const { jobs = [] } = catalogue.features.find(({ name }) => name === 'history') ?? {}
      for (const job of jobs) {
        await job.run({
          now: clock(),
          log: () => {},
          run: (operation, input) => pipeline.run(operation, input, SYSTEM),
        })
      }
    },
  }
}
