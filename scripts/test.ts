import { conclude, run, runTests } from './run-tests.ts'

/** Everything that must hold: the checks, then every test. */
const checked = run('check', 'npm', 'run', '--silent', 'check')
const built = run('build', process.execPath, 'scripts/build.ts')
conclude(runTests(), checked, built)
