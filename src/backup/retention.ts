import { isAhead } from '../features/backups/server/index.ts'
import type { Kept, KeptBackup } from './backups-place.ts'

/** The names of the outdated backups, where `made` was just made: it stays whatever the dates of the others. */
export function outdated(backups: readonly KeptBackup[], count: number, made: string): Kept {
  const whole = backups.filter(({ damaged, name }) => !damaged && name !== made)
  const places = backups.some(({ name }) => name === made) ? count - 1 : count
  const now = Date.now()
  const ahead = whole.filter(({ made_at }) => isAhead(made_at, now))
  const past = whole.filter((backup) => !ahead.includes(backup))
  return { removed: namesOf(past.slice(places)), ahead: namesOf(ahead) }
}

const namesOf = (backups: readonly KeptBackup[]): string[] => backups.map(({ name }) => name)
