import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const LAST = 'last-build.json'

/**
 * Removes the parts of all builds except the new one and the previous one. A running server and an open page still load parts
 * of the build with which they started.
 */
export function keepTwoBuilds(folder: string, made: readonly string[], isPart: (name: string) => boolean): void {
  const before = namesIn(join(folder, LAST))
  writeFileSync(join(folder, LAST), JSON.stringify(made))
  for (const name of readdirSync(folder)) {
    if (name !== LAST && isPart(name) && !made.includes(name) && !before.includes(name)) rmSync(join(folder, name))
  }
}

function namesIn(file: string): string[] {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return []
  }
}
