import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FAULTS, type PlantedFault, planted } from '../test/prove/faults.ts'
import { copySources } from './copy-of-sources.ts'

/** Plants each fault separately in a copy of the sources, runs the suites that must catch it, and prints the result. */
export function plantFaults(): { caught: number; missed: number } {
  const folder = mkdtempSync(join(tmpdir(), 'trek-faults-'))
  try {
    copySources(folder)
    console.log('\n— the suites, with no fault planted')
    const everySuite = [...new Set(FAULTS.flatMap(({ caughtBy }) => caughtBy))]
    if (!passes(folder, everySuite)) {
      console.log('These suites fail without a planted fault. No fault was planted: mend the suites first.')
      return { caught: 0, missed: FAULTS.length }
    }
    console.log(`\n— ${FAULTS.length} planted faults`)
    const missed = FAULTS.filter((fault) => !isCaught(folder, fault))
    return { caught: FAULTS.length - missed.length, missed: missed.length }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function isCaught(folder: string, fault: PlantedFault): boolean {
  const path = join(folder, fault.file)
  const text = readFileSync(path, 'utf8')
  writeFileSync(path, planted(text, fault))
  const caught = !passes(folder, fault.caughtBy)
  writeFileSync(path, text)
  console.log(`${caught ? 'caught' : 'MISSED'}  ${fault.breaks} (${fault.file})`)
  return caught
}

const passes = (folder: string, suites: readonly string[]): boolean =>
  spawnSync('node_modules/.bin/vitest', ['run', '--bail=1', '--reporter=dot', ...suites], { cwd: folder }).status === 0
