import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { relative } from 'node:path'

/**
 * Everything that must hold: the checks, then every test. Ends with the line `N passed, N failed`, and fails when anything
 * failed or when no test ran.
 */
const REPORT = 'artifacts/tests.json'

const run = (title: string, command: string, ...args: string[]): boolean => {
  console.log(`\n— ${title}`)
  return spawnSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' }).status === 0
}

const checked = run('check', 'npm', 'run', '--silent', 'check')
const built = run('build the web app', process.execPath, 'scripts/build-web.ts')
rmSync(REPORT, { force: true })
const tested = run('test', 'vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${REPORT}`)

interface Report {
  testResults: { name: string; startTime: number; endTime: number }[]
  numPassedTests: number
  numFailedTests: number
  numFailedTestSuites: number
}

function report(): Report {
  try {
    return JSON.parse(readFileSync(REPORT, 'utf8')) as Report
  } catch {
    return { testResults: [], numPassedTests: 0, numFailedTests: 0, numFailedTestSuites: 1 }
  }
}

const { testResults, numPassedTests: passed, numFailedTests, numFailedTestSuites } = report()
const others = [checked, built, tested || numFailedTests > 0 || numFailedTestSuites > 0].filter((fine) => !fine).length
const failed = Math.max(numFailedTests, numFailedTestSuites > 0 ? 1 : 0) + others

console.log('\n— the ten slowest suites, in seconds')
const slowest = testResults
  .map(({ name, startTime, endTime }) => ({ name: relative('.', name), seconds: (endTime - startTime) / 1000 }))
  .sort((a, b) => b.seconds - a.seconds)
for (const { name, seconds } of slowest.slice(0, 10)) console.log(`${seconds.toFixed(1).padStart(6)}  ${name}`)

console.log(`\n${passed} passed, ${failed} failed`)
process.exit(failed === 0 && passed > 0 ? 0 : 1)
