import type { BackupsPlace, KeptBackup } from '../../backup/backups-place.ts'
import { readNotes } from '../../backup/notes.ts'
import { isThere, withDatabase } from '../../backup/place.ts'
import { backupsPlace } from '../../backup/places.ts'
import type { Config } from '../../config/index.ts'
import { instanceIdOf } from '../../db/epoch.ts'
import { isAhead, isUsable, unsolved } from '../../features/backups/server/index.ts'
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

async function examineBackups(config: Config, place: BackupsPlace): Promise<Finding> {
  const { backupEvery, dataDir } = config
  const folder = place.name
  const problem = await place.problem()
  if (problem) return failed('backups', problem)
  const instanceId = await instanceHere(config)
  if (instanceId === undefined) {
    return warning('backups', `Those in ${folder} were not looked at: the database says which are of this instance.`)
  }
  const listed = instanceId === null ? [] : await place.list(instanceId)
  const backups = listed.filter((backup) => isUsable(backup) && !isAhead(backup.made_at, Date.now()))
  const newest = backups.find(({ by_hand }) => !by_hand)
  const failure = unsolved(await readNotes(dataDir), { folder, problem, backups })
  const what = failure?.made ? 'The last one was made, with a problem' : 'The last one could not be made'
  const because = (failure ? ` ${what} (${failure.at}): ${failure.reason}` : '') + notCounted(listed)
  if (!newest)
    return warning(
      'backups',
      `There is no scheduled one in ${folder} yet; a server makes the first soon after its start.${because}`,
    )
  const { name, made_at } = newest
  if (Date.now() - Date.parse(made_at) > 2 * backupEvery * 1000) {
    return warning(
      'backups',
      `The newest in ${folder} is ${name}, which is too old: one is due every ${inWords(backupEvery)}.${because || ' Does the server run?'}`,
    )
  }
  return because
    ? warning('backups', `The newest is ${place.pathOf(name)}.${because}`)
    : ok('backups', place.pathOf(name))
}

/** Says which backups do not count, and why. */
function notCounted(listed: readonly KeptBackup[]): string {
  const names = (which: (backup: KeptBackup) => boolean) =>
    listed
      .filter(which)
      .map(({ name }) => name)
      .join(', ')
  const ahead = names((backup) => isUsable(backup) && isAhead(backup.made_at, Date.now()))
  const unread = names((backup) => backup.unread)
  return (
    (ahead && ` Dated in the future, and not counted: ${ahead}. Check the clock. Delete them only if it is right.`) +
    (unread && ` Cannot be read, and not counted: ${unread}.`)
  )
}

/** The id of the instance; null if there is none yet, undefined if its database cannot be read. */
const instanceHere = async (config: Config): Promise<string | null | undefined> => {
  try {
    return (await isThere(config)) ? await withDatabase(config.database, ({ kysely }) => instanceIdOf(kysely)) : null
  } catch {
    // The findings about the database say why.
    return undefined
  }
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
