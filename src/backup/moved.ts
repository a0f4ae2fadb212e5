import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { syncFolder } from '../adapters/files.ts'
import type { OpenDatabase } from '../db/connect.ts'
import { movedAway } from '../db/epoch.ts'
import { CannotBeDone } from './place.ts'

/** What a move to PostgreSQL leaves in DATA_DIR, where nothing else would tell of it. */
const Note = z.object({
  /** As it is said, without a password: `PostgreSQL at …`. */
  to: z.string(),
  at: z.string(),
  /** The folder with the file from before. */
  before: z.string(),
})
type Note = z.infer<typeof Note>

export const moveNoteIn = (dataDir: string): string => join(dataDir, 'moved.json')

export async function writeMoveNote(dataDir: string, note: Note): Promise<void> {
  const file = moveNoteIn(dataDir)
  writeFileSync(`${file}.part`, JSON.stringify(note, null, 2), { mode: 0o600 })
  await syncFolder(`${file}.part`)
  renameSync(`${file}.part`, file)
  await syncFolder(dataDir)
}

/** What it says is over: an instance is here. */
export const removeMoveNote = (dataDir: string): void => rmSync(moveNoteIn(dataDir), { force: true })

function readMoveNote(dataDir: string): Note | null {
  const file = moveNoteIn(dataDir)
  if (!existsSync(file)) return null
  try {
    return Note.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    // Somebody has spoilt it. It is a help, and nothing depends on it.
    return null
  }
}

/** Where the instance is that is not here any more, and how to get at it; null where nobody knows. */
export function whereItWent({ dataDir }: { readonly dataDir: string }): string | null {
  const note = readMoveNote(dataDir)
  if (!note) return null
  const file = existsSync(note.before) ? ` The file from before is kept in ${note.before}.` : ''
  return `The instance was moved to ${note.to} on ${note.at}. Set DATABASE_URL to the address of that database.${file}`
}

/** Fails where the instance of a database has been moved away: what is written there would be missed where it is now. */
export async function refuseMovedAway(database: OpenDatabase): Promise<void> {
  const problem = await movedAwayProblem(database)
  if (problem) throw new CannotBeDone(problem)
}

export async function movedAwayProblem({ kysely }: OpenDatabase): Promise<string | null> {
  const moved = await movedAway(kysely)
  if (!moved) return null
  return (
    `The instance in the database that DATABASE_URL names was moved to ${moved.to} on ${moved.at}, and that is where it goes on. ` +
    'Leave DATABASE_URL out. To bring it back to PostgreSQL, run trek move --to postgres://… without DATABASE_URL. To go on with the older ' +
    'rows of this database instead, move that file away and run trek move --to sqlite, which makes it anew from them.'
  )
}
