import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { syncFolder } from '../adapters/files.ts'
import type { OpenDatabase } from '../db/connect.ts'
import { isArriving, movedAway } from '../db/epoch.ts'
import { CannotBeDone } from './place.ts'

/** The note that a move to PostgreSQL leaves in DATA_DIR; nothing else there records the move. */
const Note = z.object({
  /** As shown to people, without a password: `PostgreSQL at …`. */
  to: z.string(),
  at: z.string(),
  /** The folder with the old file. */
  before: z.string(),
  /** Whether that file may still be in its old place: nobody uses it any more. */
  leaving: z.boolean().optional(),
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

/** Removes a note that is out of date: an instance is here. */
export const removeMoveNote = (dataDir: string): void => rmSync(moveNoteIn(dataDir), { force: true })

export function readMoveNote(dataDir: string): Note | null {
  const file = moveNoteIn(dataDir)
  if (!existsSync(file)) return null
  try {
    return Note.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    // Someone damaged the file. The note only helps people; nothing depends on it.
    return null
  }
}

/** Where a moved instance is and how to reach it; null if unknown, or if the file that is here is in use again. */
export function whereItWent({ dataDir }: { readonly dataDir: string }, isFileHere = false): string | null {
  const note = readMoveNote(dataDir)
  if (!note || (isFileHere && !note.leaving)) return null
  if (isFileHere) {
    return (
      `The instance was moved to ${note.to} on ${note.at}, and the move was cut off before it put the old file away. Run trek move --to ` +
      `postgres://… again. To use the older rows of this file on purpose, delete ${moveNoteIn(dataDir)}.`
    )
  }
  const file = existsSync(note.before) ? ` The old file is kept in ${note.before}.` : ''
  return `The instance was moved to ${note.to} on ${note.at}. Set DATABASE_URL to the address of that database.${file}`
}

/** Throws if the instance of this database was moved away: the new one would miss what is written here. */
export async function refuseMovedAway(database: OpenDatabase): Promise<void> {
  const problem = await movedAwayProblem(database)
  if (problem) throw new CannotBeDone(problem)
}

export async function movedAwayProblem({ kysely }: OpenDatabase): Promise<string | null> {
  if (await isArriving(kysely)) {
    return (
      'The database holds the copy of a move that was cut off, and the instance is still where it was. Run the move again: trek move --to ' +
      'with the settings of the old place.'
    )
  }
  const moved = await movedAway(kysely)
  if (!moved) return null
  return (
    `The instance in the database of DATABASE_URL was moved to ${moved.to} on ${moved.at}. To continue there, remove DATABASE_URL. ` +
    'To move it back to PostgreSQL, run trek move --to postgres://… without DATABASE_URL. To continue with the older rows of this ' +
    'database, move that file away and run trek move --to sqlite, which creates it again from them.'
  )
}
