import { join } from 'node:path'
import type { Kysely } from 'kysely'
import type { Config } from '../config.ts'
import type { Tables } from '../core/data/tx.ts'
import { type Holdings, holdingsIn } from '../db/holdings.ts'
import { childrenOf } from './children.ts'
import { folderProblemOf, listBackups, openBackup } from './folder.ts'
import type { Manifest } from './manifest.ts'
import { type Notes, readNotes, writeNotes } from './notes.ts'
import { isWorking, type Place } from './place.ts'

/** What `trek rehearse` says of a backup. */
interface Rehearsed extends Holdings {
  readonly manifest: Manifest
  readonly files: number
  readonly key_fits: boolean
  readonly migrations: string[]
  readonly problems: string[]
}

type Settings = Place & Pick<Config, 'backupTo' | 'backupKeep'>

/** What a server makes backups with; null where no folder is set. `entry` is the file that runs the command line. */
export function backupToolsFor(config: Settings, kysely: Kysely<Tables>, entry: string) {
  const { backupTo: folder, backupKeep, dataDir } = config
  if (folder === null) return null
  const children = childrenOf(entry)
  return {
    folder,
    problem: () => folderProblemOf(folder),
    list: () => listBackups(folder),
    open: (name: string) => openBackup(folder, name),
    async make(): Promise<void> {
      const problem = await folderProblemOf(folder)
      if (problem) throw new Error(problem)
      await children.run('backup', folder, '--keep', String(backupKeep))
    },
    rehearse: (name: string) => children.run('rehearse', join(folder, name)) as Promise<Rehearsed>,
    commandFor: (name: string) => `npm run -s trek -- restore ${forShell(join(folder, name))} --replace`,
    isWorking: () => isWorking({ dataDir }),
    readNotes: () => readNotes(dataDir),
    writeNotes: (notes: Notes) => writeNotes(dataDir, notes),
    holdings: () => holdingsIn(kysely),
    close: children.close,
  }
}

const forShell = (word: string): string => (/^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)
