import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isPostgres } from '../db/connect.ts'
import { PLAN, type Place } from './place.ts'
import { saidOf } from './reach.ts'

/** What a restore does once its backup has been read. The plan lies beside the unpacked backup. */
export interface Plan {
  /** The name of the folders for replaced data. */
  readonly before: string
  /** Of the restored database: it shows an interrupted restore how far it came. */
  readonly epoch: string
  /** Of the restored instance. */
  readonly instanceId: string
  /** Of the encryption key that it needs; null if it never had one. */
  readonly keyFingerprint: string | null
  /** The keys of uploads that were damaged when the backup was made. Plans of earlier versions do not have them. */
  readonly damaged?: readonly string[]
  /** The database that it replaces, without a password. Plans of earlier versions do not have it. */
  readonly target?: string
}

/** The database of a place in a plan, as people see it. */
export const targetOf = ({ database }: Pick<Place, 'database'>): string =>
  isPostgres(database) ? `PostgreSQL at ${saidOf(database)}` : SQLITE

export const SQLITE = 'the SQLite file in DATA_DIR'

export const planIn = (staged: string): Plan => JSON.parse(readFileSync(join(staged, PLAN), 'utf8')) as Plan
