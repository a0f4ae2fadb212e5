import { basename } from 'node:path'
import type { Kysely } from 'kysely'
import type { Config } from '../config/index.ts'
import type { Opened, Part } from '../core/data/files.ts'
import type { Tables } from '../core/data/tx.ts'
import { instanceIdOf } from '../db/epoch.ts'
import { fileKeysIn } from '../db/file-keys.ts'
import { type Holdings, holdingsIn } from '../db/holdings.ts'
import { childrenOf } from './children.ts'
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
  readonly backup: { readonly file: string; readonly incomplete: readonly string[] }
  readonly removed: readonly string[]
  readonly ahead: readonly string[]
}

type Settings = Place & Pick<Config, 'backupTo' | 'backupKeep'>

const aheadProblem = (names: readonly string[]): string =>
  `The folder contains backups that are dated in the future and do not count: ${names.join(', ')}. Check the clock of the server, and ` +
  'delete or rename them.'

const incompleteProblem = (count: number): string =>
  `It lacks ${count} uploaded ${count === 1 ? 'file' : 'files'}, which are missing or damaged. No older backup was removed. ` +
  'trek doctor names them.'

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
    async make(): Promise<{ name: string; removed: readonly string[]; lack: string | null }> {
      const problem = await place.problem()
      if (problem) throw new Error(problem)
      const answer = await children.run('backup', `${folder}/`, '--keep', String(backupKeep))
      const { backup, removed, ahead } = answer as Answered
      const { length } = backup.incomplete
      const lack = length ? incompleteProblem(length) : ahead.length ? aheadProblem(ahead) : null
      return { name: basename(backup.file), removed, lack }
    },
    async rehearse(name: string) {
      const { incomplete, ...rehearsal } = (await children.run('rehearse', place.pathOf(name))) as Rehearsed
      return { ...rehearsal, missing_files: incomplete.length }
    },
    pathOf: place.pathOf,
    isWorking: () => isWorking({ dataDir }),
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
