const ENDING = '.tar.zst'
const ENCRYPTED = '.age'
const NAMED = /^trek-(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)Z\.tar\.zst(\.age)?$/

/** The name of a backup made at this time. */
export function nameAt(now: Date, encrypted: boolean): string {
  const moment = now
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '-')
  return `trek-${moment}${ENDING}${encrypted ? ENCRYPTED : ''}`
}

export const isNamed = (name: string): boolean => NAMED.test(name)

/** The time and encryption in such a name; null for any other name. */
export function toldBy(name: string): { made_at: string; encrypted: boolean } | null {
  const [, day, hours, minutes, seconds, age] = NAMED.exec(name) ?? []
  return day === undefined
    ? null
    : { made_at: `${day}T${hours}:${minutes}:${seconds}.000Z`, encrypted: age !== undefined }
}

/** Sorts newest first: the name contains the time. */
export const newestFirst = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? 1 : -1)
