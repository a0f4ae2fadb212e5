const ENDING = '.tar.zst'
const ENCRYPTED = '.age'
const NAMED = /^trek-(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)Z-([0-9a-f]{8})\.tar\.zst(\.age)?$/

/** Distinguishes the backups of instances that share a place. A restored instance keeps its id. */
const partOf = (instanceId: string): string => instanceId.slice(0, 8)

/** The name of a backup of this instance made at this time. */
export function nameAt(now: Date, instanceId: string, encrypted: boolean): string {
  const moment = now
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '-')
  return `trek-${moment}-${partOf(instanceId)}${ENDING}${encrypted ? ENCRYPTED : ''}`
}

/** Whether a backup of any instance has such a name. */
export const isNamed = (name: string): boolean => NAMED.test(name)

export const isNamedOf = (instanceId: string, name: string): boolean => toldBy(instanceId, name) !== null

/** The time and encryption in such a name of this instance; null for any other name. */
export function toldBy(instanceId: string, name: string): { made_at: string; encrypted: boolean } | null {
  const [, day, hours, minutes, seconds, part, age] = NAMED.exec(name) ?? []
  return day === undefined || part !== partOf(instanceId)
    ? null
    : { made_at: `${day}T${hours}:${minutes}:${seconds}.000Z`, encrypted: age !== undefined }
}

/** Sorts newest first: the name contains the time. */
export const newestFirst = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? 1 : -1)
