import { conclude, run, runTests } from './run-tests.ts'

/** Runs the checks, then all tests. */
const checked = run('check', 'npm', 'run', '--silent', 'check')
const built = run('build', process.execPath, 'scripts/build.ts')
conclude(runTests(), checked, built)
