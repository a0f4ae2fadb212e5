import { isAhead, isUsable } from '../features/backups/server/index.ts'
import type { Kept, KeptBackup } from './backups-place.ts'

/** The names of the outdated backups among the scheduled ones and among those made by hand, where `made` was just made: it stays whatever the dates of the others. */
export function outdated(backups: readonly KeptBackup[], count: number, made: string): Kept {
  const whole = backups.filter((backup) => isUsable(backup) && backup.name !== made)
  const just = backups.find(({ name }) => name === made)
  const now = Date.now()
  const ahead = whole.filter(({ made_at }) => isAhead(made_at, now))
  const past = whole.filter((backup) => !ahead.includes(backup))
  const removed = [false, true].flatMap((byHand) =>
    past.filter(({ by_hand }) => by_hand === byHand).slice(just?.by_hand === byHand ? count - 1 : count),
  )
  return {
    removed: namesOf(removed),
    ahead: namesOf(ahead),
    unread: namesOf(backups.filter(({ unread }) => unread)),
  }
}

const namesOf = (backups: readonly KeptBackup[]): string[] => backups.map(({ name }) => name)
