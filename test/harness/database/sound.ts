import type { SpaceRef } from '../../../src/core/data/space.ts'
import type { ReadTx } from '../../../src/core/data/tx.ts'
import type { Call } from '../../../src/core/run/feature.ts'
import { type Unsound, unsoundIn } from '../../../src/core/run/sound.ts'
import type { World } from '../rigs/world.ts'

/** The rows of a space that violate the declared rules, as a transaction sees them. */
export function unsoundRows({ catalogue }: World, tx: ReadTx, ref: SpaceRef): Promise<Unsound[]> {
  const call: Pick<Call<unknown, unknown, ReadTx>, 'tx' | 'emit'> = {
    tx,
    async emit(hook, payload) {
      const results = []
      for (const listener of catalogue.listenersOf(hook)) results.push(await listener.run(call, payload))
      return results as never
    },
  }
  return unsoundIn(catalogue, call, ref)
}
