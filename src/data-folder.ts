import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { WORK_FOLDER } from './backup/place.ts'
import { READING_FOLDER } from './backup/reading.ts'
import type { Config } from './config/index.ts'
import { isPostgres } from './db/connect.ts'

/**
 * Everything that TREK puts into DATA_DIR: what a backup contains, what TREK recreates itself, and what a backup leaves
 * out, with the reason.
 */
type Fate = 'kept' | 'rebuilt' | 'left out'

interface Declared {
  readonly name: RegExp
  readonly fate: Fate
  readonly what: string
}

export const DATA_FOLDER: readonly Declared[] = [
  { name: /^trek\.db$/, fate: 'kept', what: 'the embedded database' },
  {
    name: /^trek\.db-(wal|shm)$/,
    fate: 'kept',
    what: 'the log of the database and its index; the copy of the database contains their content',
  },
  { name: /^trek\.db-mark$/, fate: 'rebuilt', what: 'a mark that distinguishes this copy of the database from others' },
  { name: /\.lock(-journal)?$/, fate: 'rebuilt', what: 'locks, so that one process at a time does a job' },
  { name: /^trek\.db/, fate: 'left out', what: 'copies of the database that someone made beside it' },
  { name: /^files$/, fate: 'kept', what: 'uploaded files' },
  { name: /^encryption\.key$/, fate: 'kept', what: 'the encryption key; only encrypted backups contain it' },
  { name: /^upload-/, fate: 'left out', what: 'an upload on its way into storage' },
  { name: WORK_FOLDER, fate: 'left out', what: 'working files of a backup or restore' },
  { name: READING_FOLDER, fate: 'left out', what: 'the database of a backup that is being read' },
  { name: /^restored$/, fate: 'left out', what: 'a restored backup before it replaces the instance' },
  { name: /^updates$/, fate: 'left out', what: 'backups made before an update of TREK' },
  { name: /^backups\.json(\.part)?$/, fate: 'left out', what: 'the result of the last backup that the server made' },
  { name: /^moved\.json(\.part)?$/, fate: 'left out', what: 'the new place of a moved instance' },
  { name: /^before-/, fate: 'left out', what: 'what a restore or a new instance replaced' },
]

/** How backups treat an entry of DATA_DIR; null if TREK did not create it. */
export const fateOf = (name: string): Fate | null => DATA_FOLDER.find((one) => one.name.test(name))?.fate ?? null

type Settings = Pick<Config, 'dataDir' | 'database' | 'encryptionKey' | 'filesUrl'>

/** Creates DATA_DIR and its parent folders if it is needed, for a server or a restore. */
export function makeDataFolder({ dataDir, database, encryptionKey, filesUrl }: Settings): void {
  if (isPostgres(database) && encryptionKey && filesUrl) return
  makeFolder(dataDir)
}

/**
 * Node's own `recursive` never ends where the system denies the existence of an existing folder, as Linux does for a
 * new folder in /proc.
 */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return
  const above = dirname(folder)
  if (!existsSync(above)) makeFolder(above)
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // Another process has just created it.
    if (code === 'EEXIST') return
    if (code !== 'ENOENT') throw error
    throw new Error(
      `The folder ${folder} cannot be made: ${above} takes no new folders. Set DATA_DIR to a folder that the server may write to.`,
      { cause: error },
    )
  }
}
