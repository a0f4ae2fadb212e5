import { lchownSync, lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The user of a server, whose files a command of root must not take. Without root, that is the user who runs the tests:
 * they then prove only that a command leaves nothing to anybody else.
 */
export const OWNER =
  process.getuid?.() === 0
    ? { uid: 65_534, gid: 65_534 }
    : { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }

const allIn = (folder: string): string[] => [
  folder,
  ...readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
]

/** Gives a folder and its contents to that user. */
export function giveAway(folder: string): void {
  for (const path of allIn(folder)) lchownSync(path, OWNER.uid, OWNER.gid)
}

/** What does not belong to that user in a folder. */
export const takenIn = (folder: string): string[] =>
  allIn(folder).filter((path) => {
    const { uid, gid } = lstatSync(path)
    return uid !== OWNER.uid || gid !== OWNER.gid
  })
