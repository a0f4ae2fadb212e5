import type { Input } from '../../../core/declare/operation.ts'
import { implement, prepared } from '../../../core/run/feature.ts'
import * as contract from '../contract/index.ts'
import { type Report, run_doctor } from '../contract/index.ts'

/** Checks whether people and programs can connect. */
export type Examine = (input: Input<typeof run_doctor>) => Promise<Report>

export const doctorHandlers = (examine: Examine) =>
  implement(contract, {
    run_doctor: prepared(run_doctor, {
      prepare: (input) => examine(input),
      handle: async ({ prepared: report }) => ({ report }),
    }),
  })
