import type { FileStore } from '../../core/files.ts'
import type { Job } from '../../core/jobs.ts'
import { list_unused_keys } from './contract.ts'

const HOUR = 3600
/** What has just come may be about to get its row. */
const SAFE_FOR_MS = HOUR * 1000
const AT_ONCE = 200

/** Drops what is left of deleted files, of replaced covers and of uploads that were cut off. */
export const sweep = (store: FileStore): Job => ({
  name: 'drop files that nobody refers to',
  everySeconds: HOUR,
  async run({ now, run }) {
    const before = now.getTime() - SAFE_FOR_MS
    let keys: string[] = []
    const dropUnused = async () => {
      for (const key of (await run(list_unused_keys, { keys })).keys) await store.drop(key)
      keys = []
    }
    for await (const { key, keptAt } of store.keys()) {
      if (keptAt > before) continue
      keys.push(key)
      if (keys.length === AT_ONCE) await dropUnused()
    }
    if (keys.length) await dropUnused()
  },
})
