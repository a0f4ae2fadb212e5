import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

/** What all servers of an instance know of the backups that they make: it outlives each of them. */
const Notes = z.object({
  /** When the one that is being made was begun; null while none is. */
  started_at: z.string().nullable(),
  /** How the last one went wrong; null where it went well. */
  failure: z
    .object({
      at: z.string(),
      reason: z.string(),
      folder: z.string().optional(),
      /** What was wrong: the folder, or only that older ones could not be removed, or that it lacks files. */
      with: z.enum(['folder', 'removing', 'incomplete']).optional(),
    })
    .nullable(),
  /** When the last one was begun, where it was ended with its server. */
  cut_off_at: z.string().nullish(),
})
export type Notes = z.infer<typeof Notes>

const NOTHING: Notes = { started_at: null, failure: null }

const fileIn = (dataDir: string): string => join(dataDir, 'backups.json')

export async function readNotes(dataDir: string): Promise<Notes> {
  try {
    return Notes.parse(JSON.parse(await readFile(fileIn(dataDir), 'utf8')))
  } catch {
    // They are not there yet, or somebody has spoilt them: the next backup writes them anew.
    return NOTHING
  }
}

export async function writeNotes(dataDir: string, notes: Notes): Promise<void> {
  const file = fileIn(dataDir)
  await writeFile(`${file}.part`, JSON.stringify(notes), { mode: 0o600 })
  await rename(`${file}.part`, file)
}
