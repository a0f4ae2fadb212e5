import { readFileSync } from 'node:fs'
import { suites } from '../test/harness/projects.ts'
import { plantFaults } from './planted-faults.ts'
import { conclude, run, runTests } from './run-tests.ts'

/**
 * The tests that take too long for every change: the suites with crashes, losses and random orders, with many repetitions;
 * then faults, each planted in a copy of the sources, which the tests must catch. `npm run prove -- faults` plants only the
 * faults.
 */
const [only] = process.argv.slice(2)
const built = run('build', process.execPath, 'scripts/build.ts')

process.env.TREK_PROVE = '1'
const long = suites().filter((file) => readFileSync(file, 'utf8').includes('harness/prove.ts'))
const proved = only === 'faults' ? { passed: 0, failed: 0 } : runTests(...long)
process.env.TREK_PROVE = ''

const { caught, missed } = plantFaults()
conclude({ passed: proved.passed + caught, failed: proved.failed + missed }, built)
