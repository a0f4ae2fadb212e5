import { execFile } from 'node:child_process'
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { afterEach, beforeEach } from 'vitest'
import { SERVER } from '../../../bench/processes.ts'
import { readConfig } from '../../../src/config/index.ts'
import { openProduct, type Product } from '../../../src/product.ts'
import type { ENGINES, Place } from '../database/databases.ts'
import { type InstanceData, killServers } from '../processes/serving.ts'
import { startStorage, storageSettings, type TestStorage } from './s3.ts'

const KEY = '5e'.repeat(32)
const run = promisify(execFile)

/** Gives each test of a suite a place for an instance, and S3-compatible storage for its uploads. */
export function uploadsOn({ engine, place: find }: (typeof ENGINES)[number]) {
  const current = {} as { storage: TestStorage; place: Place }
  const places: Place[] = []
  const warnings: string[] = []
  const newPlace = async () => {
    const place = await find()
    places.push(place)
    return place
  }
  beforeEach(async () => {
    current.storage = await startStorage()
    current.place = await newPlace()
    warnings.length = 0
  })
  afterEach(async () => {
    killServers()
    await current.storage.close()
    for (const one of places.splice(0)) await one.remove()
  })

  const instanceAt = ({ folder, target }: Place = current.place): InstanceData => ({
    dataDir: folder,
    ...(engine === 'postgres' && { url: target }),
  })
  const settings = (at = current.place, more: Record<string, string> = {}) => {
    const { dataDir, url = '' } = instanceAt(at)
    return { DATA_DIR: dataDir, DATABASE_URL: url, ENCRYPTION_KEY: KEY, ...more }
  }
  /** The settings that keep uploads in the storage. */
  const inStorage = () => storageSettings(current.storage)
  /** Opens the product as a server does, by default with its uploads in the storage. */
  const open = (
    more: Record<string, string> = inStorage(),
    at = current.place,
    newInstance = false,
  ): Promise<Product> =>
    openProduct(readConfig(settings(at, more)), {
      onError: () => {},
      server: { warn: (warning: string) => void warnings.push(warning), newInstance },
    })
  /** Runs a command to its end, with the credentials of the storage. */
  async function trek(more: Record<string, string>, ...args: string[]) {
    const env = { PATH: process.env.PATH ?? '', ...settings(current.place, { ...inStorage(), FILES_URL: '', ...more }) }
    try {
      return { code: 0, ...(await run(process.execPath, [SERVER, ...args], { env })) }
    } catch (error) {
      return error as { code: number; stdout: string; stderr: string }
    }
  }
  return {
    get storage() {
      return current.storage
    },
    get place() {
      return current.place
    },
    newPlace,
    /** The warnings of servers in this process. */
    warnings,
    instanceAt,
    settings,
    inStorage,
    open,
    start: async (...args: Parameters<typeof open>) => (await open(...args)).close(),
    trek,
    /** The address of the storage. */
    address: () => inStorage().FILES_URL,
    /** The names of the objects in the storage. */
    names: () => [...current.storage.objects.keys()].map((name) => name.replace('trek/files/', '')).sort(),
  }
}

/** Uploads a text and returns its key. */
export const storeText = async ({ services }: Product, text: string): Promise<string> =>
  (await services.files.keep(Readable.from([Buffer.from(text)]), 100)).key

/** The upload with this key, as a text. */
export async function textOf({ services }: Product, key: string): Promise<string | null | undefined> {
  const stored = await services.files.read(key)
  return stored && Buffer.concat(await stored.bytes.toArray()).toString()
}
