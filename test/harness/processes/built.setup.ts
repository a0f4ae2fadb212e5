import { execFileSync } from 'node:child_process'
import { staleParts } from '../../../scripts/freshness.js'

/** What the suites start and open in a browser is what was built: of what is there now. */
export function setup(): void {
  if (staleParts().length) execFileSync(process.execPath, ['scripts/build.ts'], { stdio: 'inherit' })
}
