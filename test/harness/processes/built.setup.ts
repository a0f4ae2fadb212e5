import { execFileSync } from 'node:child_process'
import { staleParts } from '../../../scripts/freshness.js'

/** Builds the product if its build is out of date: the suites start the build and open it in a browser. */
export function setup(): void {
  if (staleParts().length) execFileSync(process.execPath, ['scripts/build.ts'], { stdio: 'inherit' })
}
