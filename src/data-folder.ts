/**
 * Everything that TREK puts into DATA_DIR, each once: what a backup has of it, what it makes anew by itself, and what a backup leaves
 * out for the reason given.
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
    what: 'the log of the database and its index: their content is in its copy',
  },
  { name: /^trek\.db-mark$/, fate: 'rebuilt', what: 'what tells this copy of the database from others' },
  { name: /\.lock(-journal)?$/, fate: 'rebuilt', what: 'what lets one process at a time do something' },
  { name: /^trek\.db/, fate: 'left out', what: 'copies of the database that somebody has made beside it' },
  { name: /^files$/, fate: 'kept', what: 'what people have uploaded' },
  { name: /^encryption\.key$/, fate: 'kept', what: 'the encryption key: in encrypted backups, and in no other' },
  { name: /^upload-/, fate: 'left out', what: 'an upload on its way into storage' },
  { name: /^work$/, fate: 'left out', what: 'what a backup or restore is working on' },
  { name: /^restored$/, fate: 'left out', what: 'a backup that is about to take its place' },
  { name: /^updates$/, fate: 'left out', what: 'backups from before an update of TREK' },
  { name: /^backups\.json(\.part)?$/, fate: 'left out', what: 'how the last backup that the server made went' },
  { name: /^before-/, fate: 'left out', what: 'what a restore or a new instance has replaced' },
]

/** What becomes of something in DATA_DIR; null for what TREK did not put there. */
export const fateOf = (name: string): Fate | null => DATA_FOLDER.find((one) => one.name.test(name))?.fate ?? null
