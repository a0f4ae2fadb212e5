import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

/** What all servers of an instance know about their backups, kept across restarts. */
const Notes = z.object({
  /** When the running backup started; null if none runs. */
  started_at: z.string().nullable(),
  /** Why the last one failed; null if it succeeded. */
  failure: z
    .object({
      at: z.string(),
      reason: z.string(),
      folder: z.string().optional(),
      /** The cause: the folder, the removal of older backups, or missing files. */
      with: z.enum(['folder', 'removing', 'incomplete']).optional(),
    })
    .nullable(),
  /** When the last one started, if its server ended before it did. */
  cut_off_at: z.string().nullish(),
})
export type Notes = z.infer<typeof Notes>

const NOTHING: Notes = { started_at: null, failure: null }

const fileIn = (dataDir: string): string => join(dataDir, 'backups.json')

export async function readNotes(dataDir: string): Promise<Notes> {
  try {
    return Notes.parse(JSON.parse(await readFile(fileIn(dataDir), 'utf8')))
  } catch {
    // Missing or damaged: the next backup recreates them.
    return NOTHING
  }
}

export async function writeNotes(dataDir: string, notes: Notes): Promise<void> {
  const file = fileIn(dataDir)
  await writeFile(`${file}.part`, JSON.stringify(notes), { mode: 0o600 })
  await rename(`${file}.part`, file)
}
