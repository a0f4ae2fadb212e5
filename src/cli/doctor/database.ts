import { existsSync } from 'node:fs'
import { filesPlace } from '../../adapters/files-place.ts'
import { s3At } from '../../adapters/s3/at.ts'
import { examineStorage } from '../../adapters/s3/examine.ts'
import { S3Error } from '../../adapters/s3/index.ts'
import type { Config } from '../../config/index.ts'
import { INSTANCE } from '../../core/data/space.ts'
import { type OpenDatabase, openDatabase } from '../../db/connect.ts'
import { pendingMigrations } from '../../db/migrate.ts'
import { missingDatabaseProblem } from '../../instance.ts'
import { adviceOnMissing, filesProblem, missingUploads, movedProblem, placeProblem } from '../../instance-files.ts'
import { keyProblem } from '../../instance-key.ts'
import { MIGRATIONS } from '../../migrations.generated.ts'
import { messageOf } from '../command.ts'
import { type Finding, failed, ok, warning } from './finding.ts'

/** The database, its migrations, the uploads that it names, and whether the key is the one that it was used with. */
export async function database(config: Config): Promise<Finding[]> {
  const { database: target, databaseUrl } = config
  const shown = databaseUrl ? `PostgreSQL at ${new URL(databaseUrl).host}` : target
  const missing = await missingDatabaseProblem(config, null)
  if (missing) return [failed('database', missing)]
  if (!databaseUrl && !existsSync(target)) {
    return [warning('database', `${shown} is not there yet; the first start makes it`)]
  }
  let opened: OpenDatabase
  try {
    opened = openDatabase(target)
  } catch (error) {
    return [failed('database', `${shown}: ${messageOf(error)}`)]
  }
  try {
    const empty = await missingDatabaseProblem(config, opened)
    if (empty) return [failed('database', empty)]
    const pending = await pendingMigrations(opened, MIGRATIONS)
    if (pending.length) {
      return [ok('database', shown), warning('migrations', `the next start will run ${pending.join(', ')}`)]
    }
    await opened.head(INSTANCE)
    const key = await keyProblem(opened, config)
    return [
      ok('database', shown),
      ok('migrations', 'all have run'),
      await uploads(opened, config),
      ...(key ? [failed('encryption key', key)] : []),
    ]
  } catch (error) {
    return [failed('database', `${shown}: ${messageOf(error)}`)]
  } finally {
    await opened.close()
  }
}

async function uploads(database: OpenDatabase, config: Config): Promise<Finding> {
  const place = filesPlace(config)
  try {
    const problem = (await filesProblem(database, place)) ?? (await movedProblem(database, place))
    if (problem) return failed('uploads', problem)
    const misplaced = await placeProblem(database, place)
    if (misplaced) return warning('uploads', misplaced)
    const missing = await missingUploads(database, place)
    if (!missing.length) return ok('uploads', place.name)
    const otherwise = 'Put them back from a backup, or delete them in TREK'
    const advice = await adviceOnMissing(missing, place, config.dataDir, otherwise)
    const more = missing.length > 3 ? ' and others' : ''
    return failed(
      'uploads',
      `${missing.length} uploaded files are missing from ${place.name}, or damaged: ${missing.slice(0, 3).join(', ')}${more}. ${advice}`,
    )
  } catch (error) {
    if (!(error instanceof S3Error)) throw error
    return failed('uploads', error.message)
  } finally {
    await place.close()
  }
}

/** Whether the S3-compatible storage of uploads works, if there is one. */
export async function storage(config: Config): Promise<Finding[]> {
  if (!config.filesUrl) return []
  const { client, prefix } = s3At(config.filesUrl, config)
  try {
    const notes = await examineStorage(client, prefix)
    const says = `${client.host} can be read and written, and its clock is right`
    return [notes.length ? warning('storage', notes.join('; ')) : ok('storage', says)]
  } catch (error) {
    return [failed('storage', messageOf(error))]
  } finally {
    await client.close()
  }
}
