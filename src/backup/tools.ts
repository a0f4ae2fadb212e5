import type { Kysely } from 'kysely'
import type { Config } from '../config/index.ts'
import type { Tables } from '../core/data/tx.ts'
import { instanceIdOf } from '../db/epoch.ts'
import { fileKeysIn } from '../db/file-keys.ts'
import { type Holdings, holdingsIn } from '../db/holdings.ts'
import { childrenOf } from './children.ts'
import { explained } from './explained.ts'
import type { Manifest } from './manifest.ts'
import { isNamedOf } from './names.ts'
import { type Notes, readNotes, writeNotes } from './notes.ts'
import { isWorking, type Place } from './place.ts'
import { backupsPlace } from './places.ts'

/** The output of `trek rehearse`. */
interface Rehearsed extends Holdings {
  readonly manifest: Manifest
  readonly files: number
  readonly key_fits: boolean
  readonly migrations: string[]
  readonly problems: string[]
  readonly incomplete: readonly string[]
}

/** The output of `trek backup`. */
interface Answered {
  readonly backup: { readonly incomplete: readonly string[]; readonly unreadable: readonly string[] }
  readonly ahead: readonly string[]
}

type Settings = Place & Pick<Config, 'backupTo' | 'backupKeep' | 'host' | 'port'>

const aheadProblem = (names: readonly string[]): string =>
  `The folder contains backups that are dated in the future and do not count: ${names.join(', ')}. Check the clock of the server. ` +
  'Delete or rename them only if it is right.'

/** The backup tools of a server; null if no folder is set. `entry` is the file of the command line. */
export function backupToolsFor(config: Settings, kysely: Kysely<Tables>, entry: string) {
  const { backupTo: folder, backupKeep, dataDir } = config
  if (folder === null) return null
  const children = childrenOf(entry)
  const place = backupsPlace(folder, config)
  const instanceId = () => instanceIdOf(kysely)
  return {
    folder,
    problem: place.problem,
    list: async () => place.list(await instanceId()),
    open: async (name: string) => (isNamedOf(await instanceId(), name) ? place.open(name) : null),
    async make({ byHand }: { byHand: boolean }): Promise<string | null> {
      const problem = await place.problem()
      if (problem) throw new Error(problem)
      const keep = ['--keep', String(backupKeep), ...(byHand ? ['--by-hand'] : [])]
      const { backup, ahead } = (await children.run('backup', `${folder}/`, ...keep)) as Answered
      const { incomplete, unreadable } = backup
      const { length } = incomplete
      if (!length) return ahead.length ? aheadProblem(ahead) : null
      return (
        `It lacks ${length} uploaded ${length === 1 ? 'file' : 'files'}, which are missing, damaged or cannot be read. No older backup was ` +
        (unreadable.length
          ? `removed. Cannot be read: ${unreadable.slice(0, 3).join('; ')}.`
          : 'removed. trek doctor names them.')
      )
    },
    async rehearse(name: string) {
      const { incomplete, ...rehearsal } = (await children.run('rehearse', place.pathOf(name))) as Rehearsed
      return { ...rehearsal, missing_files: incomplete.length }
    },
    pathOf: place.pathOf,
    isWorking: () => isWorking({ dataDir }).catch(explained(config)),
    readNotes: () => readNotes(dataDir),
    writeNotes: (notes: Notes) => writeNotes(dataDir, notes),
    holdings: async () => ({ ...(await holdingsIn(kysely)), files: (await fileKeysIn(kysely).totals()).files }),
    async close() {
      await children.close()
      await place.close()
    },
  }
}
