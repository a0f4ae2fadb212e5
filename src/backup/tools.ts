import { basename } from 'node:path'
import type { Kysely } from 'kysely'
import type { Config } from '../config/index.ts'
import type { Opened, Part } from '../core/data/files.ts'
import type { Tables } from '../core/data/tx.ts'
import { instanceIdOf } from '../db/epoch.ts'
import { fileKeysIn } from '../db/file-keys.ts'
import { type Holdings, holdingsIn } from '../db/holdings.ts'
import { childrenOf } from './children.ts'
import { explained } from './explained.ts'
import type { Manifest } from './manifest.ts'
import { isNamedOf } from './names.ts'
import { type Notes, readNotes, writeNotes } from './notes.ts'
import { isWorking, type Place, workFolder } from './place.ts'
import { backupsPlace } from './places.ts'
import { readProgress } from './progress.ts'

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
  readonly backup: {
    readonly file: string
    readonly incomplete: readonly string[]
    readonly unreadable: readonly string[]
  }
  readonly removed: readonly string[]
  readonly ahead: readonly string[]
}

type Settings = Place & Pick<Config, 'backupTo' | 'backupKeep' | 'host' | 'port'>

const aheadProblem = (names: readonly string[]): string =>
  `The folder contains backups that are dated in the future and do not count: ${names.join(', ')}. Check the clock of the server. ` +
  'Delete or rename them only if it is right.'

function incompleteProblem({ incomplete: { length }, unreadable }: Answered['backup']): string {
  const which = unreadable.length ? `Cannot be read: ${unreadable.slice(0, 3).join('; ')}.` : 'trek doctor names them.'
  return `It lacks ${length} uploaded ${length === 1 ? 'file' : 'files'}, which are missing, damaged or cannot be read. No older backup was removed. ${which}`
}

/** A backup that was made, and the older ones that were removed for it. */
interface Made {
  readonly name: string
  readonly removed: readonly string[]
  /** What it lacks, as sentences, or null. */
  readonly lack: string | null
}

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
    async open(name: string, part?: Part): Promise<Opened | null> {
      const found = isNamedOf(await instanceId(), name) ? await place.open(name, part) : null
      return found && { ...found, version: `${found.size} ${found.modified}` }
    },
    async make({ byHand }: { byHand: boolean }): Promise<Made> {
      const problem = await place.problem()
      if (problem) throw new Error(problem)
      const keep = ['--keep', String(backupKeep), ...(byHand ? ['--by-hand'] : [])]
      const { backup, removed, ahead } = (await children.run('backup', `${folder}/`, ...keep)) as Answered
      const lack = backup.incomplete.length ? incompleteProblem(backup) : ahead.length ? aheadProblem(ahead) : null
      return { name: basename(backup.file), removed, lack }
    },
    async rehearse(name: string) {
      const { incomplete, ...rehearsal } = (await children.run('rehearse', place.pathOf(name))) as Rehearsed
      return { ...rehearsal, missing_files: incomplete.length }
    },
    pathOf: place.pathOf,
    isWorking: () => isWorking({ dataDir }).catch(explained(config)),
    progress: () => readProgress(workFolder({ dataDir })),
    readNotes: () => readNotes(dataDir),
    writeNotes: (notes: Notes) => writeNotes(dataDir, notes),
    holdings: async () => ({ ...(await holdingsIn(kysely)), files: (await fileKeysIn(kysely).totals()).files }),
    async close() {
      await children.close()
      await place.close()
    },
  }
}
