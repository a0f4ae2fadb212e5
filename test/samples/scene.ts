import type { Caller } from '../../src/core/data/space.ts'
import type { World } from '../world.ts'

/**
 * One of everything, and for each input field a value that works there: from these, tests call operations they have never
 * heard of. A new operation with a new field needs one line. Where a name means another row for another part of a trip, the
 * sample is called `part.name`, after the word in the route: `todos.itemId` is for `/trips/:tripId/todos/:itemId`.
 */
export type Samples = Record<string, unknown>

/** The trip that each part of the product puts something of its own into. */
export interface SampleTrip {
  readonly run: World['run']
  readonly files: World['outside']['files']
  readonly owner: Caller
  /** Another member. */
  readonly friend: Caller
  readonly tripId: number
  readonly dayIds: readonly number[]
  readonly placeId: number
  /** Stands in what is the owner's alone: whoever else is told it has seen too much. */
  readonly mark: string
}
