const ENDING = '.tar.zst'
const ENCRYPTED = '.age'
const BY_HAND = '-by-hand'
const NAMED = /^trek-(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)Z-([0-9a-f]{8})(-by-hand)?\.tar\.zst(\.age)?$/

/** Distinguishes the backups of instances that share a place. A restored instance keeps its id. */
const partOf = (instanceId: string): string => instanceId.slice(0, 8)

/** The name of a backup of this instance made at this time, by the clock or by hand. */
export function nameAt(now: Date, instanceId: string, encrypted: boolean, byHand = false): string {
  const moment = now
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '-')
  return `trek-${moment}-${partOf(instanceId)}${byHand ? BY_HAND : ''}${ENDING}${encrypted ? ENCRYPTED : ''}`
}

/** Whether a backup of any instance has such a name. */
export const isNamed = (name: string): boolean => NAMED.test(name)

export const isNamedOf = (instanceId: string, name: string): boolean => toldBy(instanceId, name) !== null

/** What such a name of this instance tells about a backup. */
interface Told {
  readonly made_at: string
  readonly encrypted: boolean
  readonly by_hand: boolean
}

/** Null for any other name. */
export function toldBy(instanceId: string, name: string): Told | null {
  const [, day, hours, minutes, seconds, part, byHand, age] = NAMED.exec(name) ?? []
  const made_at = `${day}T${hours}:${minutes}:${seconds}.000Z`
  if (part !== partOf(instanceId) || !isMoment(made_at)) return null
  return { made_at, encrypted: age !== undefined, by_hand: byHand !== undefined }
}

/** Not all such digits are a date. */
const isMoment = (text: string): boolean => Number.isFinite(Date.parse(text)) && new Date(text).toISOString() === text

/** Sorts newest first: the name contains the time. */
export const newestFirst = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? 1 : -1)
