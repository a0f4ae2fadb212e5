import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect } from 'vitest'
import { openDatabase } from '../../../src/db/connect.ts'
import { instanceIdOf } from '../../../src/db/epoch.ts'
import { type Contents, contentsOf } from '../../../src/db/transfer.ts'
import type { ENGINES, Place } from '../database/databases.ts'
import { assistantOf, databaseOf, end, type InstanceData, killServers, serve, tokenFor, tripIdOf } from './serving.ts'

const KEY = '5e'.repeat(32)

const places: Place[] = []
afterEach(async () => {
  killServers()
  for (const place of places.splice(0)) await place.remove()
})

/** A place for an instance, with the environment of its commands. */
export async function placeOn({
  place: make,
}: (typeof ENGINES)[number]): Promise<InstanceData & { env: Record<string, string> }> {
  const place = await make()
  places.push(place)
  const url = place.target.startsWith('postgres') ? place.target : ''
  const dataDir = join(place.folder, 'data')
  return { dataDir, url, env: { DATA_DIR: dataDir, DATABASE_URL: url, ENCRYPTION_KEY: KEY } }
}

/** All rows except the one that identifies this copy of the instance, and the entries in the audit log of a copy that it was restored. */
export async function rowsOf(instance: InstanceData): Promise<Contents> {
  const database = openDatabase(databaseOf(instance))
  try {
    const { instance: _, ...contents } = await contentsOf(database)
    if (!contents.audit) return contents
    const entries = database.kysely.selectFrom('audit').selectAll().orderBy('id')
    const audit = await entries.where('event', '!=', 'backup_restored').execute()
    return { ...contents, audit: { rows: audit.length, sum: JSON.stringify(audit) } }
  } finally {
    await database.close()
  }
}

/** Creates an instance, for a test that needs its id before a server starts. */
export async function createInstance(instance: Parameters<typeof serve>[0]): Promise<string> {
  await end(await serve({ ...instance, env: { ...instance.env, BACKUP_TO: '' } }))
  const database = openDatabase(databaseOf(instance))
  try {
    return await instanceIdOf(database.kysely)
  } finally {
    await database.close()
  }
}

export function filesOf({ dataDir }: InstanceData): Record<string, string> {
  const folder = join(dataDir, 'files')
  const names = readdirSync(folder).filter((name) => /^[0-9a-f-]{36}$/.test(name))
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'base64')]))
}

/** Starts a server and creates a trip with an uploaded file. */
export async function createInstanceWithTrip(instance: InstanceData) {
  const serving = await serve(instance)
  const assistant = await assistantOf(serving)
  const tripId = tripIdOf(await assistant.tool('create_trip', { title: 'Kyoto' }))
  const token = await tokenFor(instance)
  const form = new FormData()
  form.set('file', new Blob(['the ticket']), 'ticket.txt')
  const response = await fetch(`http://127.0.0.1:${serving.port}/api/trips/${tripId}/files`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: form,
  })
  expect(response.status).toBe(201)
  return { serving, assistant, tripId, token }
}
