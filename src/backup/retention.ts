import type { Kept, KeptBackup } from './backups-place.ts'

/** A backup dated further in the future than this was made or named with a wrong clock. */
const AHEAD_MS = 3_600_000

export const isAhead = ({ made_at }: Pick<KeptBackup, 'made_at'>): boolean =>
  Date.parse(made_at) > Date.now() + AHEAD_MS

/** The names of the outdated backups, where `made` was just made: it stays whatever the dates of the others. */
export function outdated(backups: readonly KeptBackup[], count: number, made: string): Kept {
  const whole = backups.filter(({ damaged, name }) => !damaged && name !== made)
  const places = backups.some(({ name }) => name === made) ? count - 1 : count
  const past = whole.filter((backup) => !isAhead(backup))
  return { removed: namesOf(past.slice(places)), ahead: namesOf(whole.filter(isAhead)) }
}

const namesOf = (backups: readonly KeptBackup[]): string[] => backups.map(({ name }) => name)
