import { join } from 'node:path'
import type { BackupsPlace } from '../../backup/backups-place.ts'
import { readNotes } from '../../backup/notes.ts'
import { backupsPlace } from '../../backup/places.ts'
import type { Config } from '../../config/index.ts'
import { isAhead, unsolved } from '../../features/backups/server/index.ts'
import { type Finding, failed, ok, warning } from './finding.ts'

/** Scheduled backups: that there are any, that they can be written, and that the newest is not too old. */
export async function backups(config: Config): Promise<Finding> {
  if (config.backupTo === null) {
    return warning(
      'backups',
      'No backups are made by the clock. Set BACKUP_TO to a folder, best on another disk; see docs/backup.md',
    )
  }
  const place = backupsPlace(config.backupTo, config)
  try {
    return await examineBackups(config, place)
  } finally {
    await place.close()
  }
}

async function examineBackups({ backupEvery, dataDir }: Config, place: BackupsPlace): Promise<Finding> {
  const folder = place.name
  const problem = await place.problem()
  if (problem) return failed('backups', problem)
  const backups = (await place.list()).filter((backup) => !backup.damaged && !isAhead(backup.made_at, Date.now()))
  const [newest] = backups
  const failure = unsolved(await readNotes(dataDir), { folder, problem, backups })
  const what = failure?.made ? 'The last one was made, with a problem' : 'The last one could not be made'
  const because = failure ? ` ${what} (${failure.at}): ${failure.reason}` : ''
  if (!newest)
    return warning(
      'backups',
      `There is none in ${folder} yet; a server makes the first soon after its start.${because}`,
    )
  const { name, made_at } = newest
  if (Date.now() - Date.parse(made_at) > 2 * backupEvery * 1000) {
    return warning(
      'backups',
      `The newest in ${folder} is ${name}, which is too old: one is due every ${inWords(backupEvery)}.${because || ' Does the server run?'}`,
    )
  }
  return failure
    ? warning('backups', `The newest is ${join(folder, name)}.${because}`)
    : ok('backups', join(folder, name))
}

const UNITS = [
  ['days', 86_400],
  ['hours', 3600],
  ['minutes', 60],
] as const

/** A duration in the largest unit that it is a whole number of. */
function inWords(seconds: number): string {
  const [unit, length] = UNITS.find(([, length]) => seconds % length === 0) ?? ['seconds', 1]
  return seconds === length ? unit.slice(0, -1) : `${seconds / length} ${unit}`
}
