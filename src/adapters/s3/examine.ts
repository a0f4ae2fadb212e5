import { randomUUID } from 'node:crypto'
import { bodyOf, type S3Client } from './index.ts'

/** A larger clock difference is reported. Storage rejects requests that are 15 minutes off. */
const MOST_APART_MS = 60_000

/**
 * Writes, reads, lists, copies and deletes a few bytes below `prefix`. Returns tolerable problems as messages; throws
 * others.
 */
export async function examineStorage(client: S3Client, prefix: string): Promise<string[]> {
  const notes: string[] = []
  const ahead = await client.clockAhead()
  if (Math.abs(ahead) > MOST_APART_MS) {
    notes.push(
      `the clock of the storage is ${Math.round(ahead / 1000)} seconds ahead of this one; from 15 minutes on it refuses everything`,
    )
  }
  const name = `${prefix}doctor-${randomUUID()}`
  const body = bodyOf(Buffer.from(`written by trek doctor at ${new Date().toISOString()}\n`))
  const failed = (what: string) => new Error(`The storage at ${client.host} does not work as it should: ${what}`)
  try {
    await client.put(name, body)
    const found = await client.get(name)
    if (!found) throw failed('what was written is not there')
    if (!Buffer.concat(await found.bytes.toArray()).equals(body.open() as Buffer))
      throw failed('what was written is not what is read')
    const part = await client.get(name, { start: 3, end: 6 })
    if (Buffer.concat((await part?.bytes.toArray()) ?? []).length !== 4)
      throw failed('it gives no parts of what it keeps')
    let isListed = false
    for await (const { key } of client.list(name)) isListed ||= key === name
    if (!isListed) throw failed('what was written is not in its list')
    if (!(await client.copy(name, `${name}-copy`))) throw failed('it does not copy what it keeps')
    if (await client.putNew(name, body)) {
      notes.push(
        'it knows no conditional writes (If-None-Match): never start two instances with the same FILES_URL at once',
      )
    }
  } finally {
    await client.remove(name)
    await client.remove(`${name}-copy`)
  }
  return notes
}
