import type { BoundOperation } from '../../core/run/catalogue.ts'
import type { Pipeline } from '../../core/run/pipeline.ts'

/** The operations under `/api`, for programs and the app. */
export const restOperations = (pipeline: Pipeline): BoundOperation[] =>
  [...pipeline.parts.catalogue.operations.values()].filter(({ operation }) => operation.expose.includes('rest'))
