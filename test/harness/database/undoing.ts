import type { Database, Written } from '../../../src/core/data/database.ts'
import type { Caller } from '../../../src/core/data/space.ts'
import type { AnyOperation } from '../../../src/core/declare/operation.ts'
import { Pipeline } from '../../../src/core/run/pipeline.ts'
import { type Settings, SettingsView } from '../../../src/core/run/settings.ts'
import type { World } from '../rigs/world.ts'

class Undone extends Error {}

/**
 * Calls operations and rolls back their writes, so that thousands of calls find the same trip. The last argument of a call
 * sets the level of each right, by name. Returns what a call would write, and throws the error of the call.
 */
export function undoing({ database, pipeline: { parts } }: World) {
  let levels: Readonly<Record<string, string>> = {}
  let rowsWritten: readonly Written[] = []
  const undoingDatabase: Database = {
    kysely: database.kysely,
    calls: database.calls,
    notifier: database.notifier,
    processes: database.processes,
    requestCounts: database.requestCounts,
    read: (work) => database.read(work),
    head: (space) => database.head(space),
    changesSince: (space, seq, most) => database.changesSince(space, seq, most),
    epoch: () => database.epoch(),
    close: () => database.close(),
    write: (space, work) =>
      database.write(space, async (tx) => {
        await work(tx)
        rowsWritten = tx.written()
        throw new Undone()
      }),
  }
  const settings: Pick<Settings, 'current'> = {
    current: async () =>
      new SettingsView(Object.entries(levels).map(([name, value]) => ({ key: `permission.${name}`, value }))),
  }
  const pipeline = new Pipeline({ ...parts, database: undoingDatabase, settings: settings as Settings })

  return async (
    operation: AnyOperation,
    input: unknown,
    caller: Caller,
    newLevels: Readonly<Record<string, string>> = {},
  ): Promise<readonly Written[]> => {
    levels = newLevels
    rowsWritten = []
    await pipeline.run(operation, input, caller).catch((error) => {
      if (!(error instanceof Undone)) throw error
    })
    return rowsWritten
  }
}
