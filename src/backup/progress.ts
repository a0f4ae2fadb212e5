import { renameSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Part } from './archive.ts'

/** How far a running backup is. It is a file, because the server that shows it may not be the one that makes the backup. */
const Progress = z.object({
  /** When this was written, ISO 8601. */
  at: z.string(),
  /** Copying the database, packing everything, or waiting until the place has stored it. */
  step: z.enum(['copying', 'packing', 'storing']),
  /** Of what is packed. */
  done_bytes: z.int(),
  /** Approximate; 0 while it is unknown. */
  total_bytes: z.int(),
})
type Progress = z.infer<typeof Progress>

/** The least time between two writes of the file, in milliseconds. */
const PAUSE_MS = 500

const fileIn = (folder: string): string => join(folder, 'progress.json')

/** Writes the progress of a backup to its work folder, which is removed with the file at its end. */
export class ProgressReport {
  readonly #file: string
  #written = 0

  constructor(workFolder: string) {
    this.#file = fileIn(workFolder)
    this.#write('copying', 0, 0)
  }

  /** The same parts. Reports their bytes while they are read. */
  async *of(parts: AsyncIterable<Part>, total: number): AsyncGenerator<Part> {
    let done = 0
    const count = (bytes: number) => {
      done += bytes
      if (Date.now() - this.#written >= PAUSE_MS) this.#write('packing', done, total)
    }
    this.#write('packing', 0, total)
    for await (const part of parts) yield { ...part, bytes: counted(part.bytes, count) }
    this.#write('storing', total, total)
  }

  #write(step: Progress['step'], done: number, total: number): void {
    const now = new Date()
    const progress = { at: now.toISOString(), step, done_bytes: Math.min(done, total), total_bytes: total }
    this.#written = now.getTime()
    try {
      writeFileSync(`${this.#file}.part`, JSON.stringify(progress), { mode: 0o600 })
      renameSync(`${this.#file}.part`, this.#file)
    } catch {
      // A backup does not fail because nobody can see how far it is.
    }
  }
}

/** The progress of the backup that is made in this folder, if any; null if it is unknown. */
export async function readProgress(workFolder: string | null): Promise<Progress | null> {
  if (workFolder === null) return null
  try {
    return Progress.parse(JSON.parse(await readFile(fileIn(workFolder), 'utf8')))
  } catch {
    return null
  }
}

async function* counted(bytes: AsyncIterable<Uint8Array>, count: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    count(chunk.length)
    yield chunk
  }
}
