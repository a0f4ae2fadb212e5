import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { relative } from 'node:path'
import { folderInMemory } from '../test/harness/database/temporary.ts'

const REPORT = 'artifacts/tests.json'

interface Report {
  testResults: { name: string; startTime: number; endTime: number }[]
  numPassedTests: number
  numFailedTests: number
  numFailedTestSuites: number
}

interface Outcome {
  readonly passed: number
  /** A suite that could not start counts as one failure. */
  readonly failed: number
}

/** Runs a command in the terminal under a title; returns whether it succeeded. */
export function run(title: string, command: string, ...args: string[]): boolean {
  console.log(`\n— ${title}`)
  return spawnSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' }).status === 0
}

/** Runs these suites, or all of them, and prints the slowest. */
export function runTests(...suites: string[]): Outcome {
  rmSync(REPORT, { force: true })
  // The long runs test durability, so they need a real disk.
  const folder = process.env.TREK_PROVE === '1' ? null : folderInMemory()
  if (folder) process.env.TMPDIR = folder
  const ended = run(
    'test',
    'vitest',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${REPORT}`,
    ...suites,
  )
  if (folder) rmSync(folder, { recursive: true, force: true })
  const { testResults, numPassedTests, numFailedTests, numFailedTestSuites } = report()

  console.log('\n— the ten slowest suites, in seconds')
  const slowest = testResults
    .map(({ name, startTime, endTime }) => ({ name: relative('.', name), seconds: (endTime - startTime) / 1000 }))
    .sort((a, b) => b.seconds - a.seconds)
  for (const { name, seconds } of slowest.slice(0, 10)) console.log(`${seconds.toFixed(1).padStart(6)}  ${name}`)

  return { passed: numPassedTests, failed: Math.max(numFailedTests, numFailedTestSuites > 0 || !ended ? 1 : 0) }
}

function report(): Report {
  try {
    return JSON.parse(readFileSync(REPORT, 'utf8')) as Report
  } catch {
    return { testResults: [], numPassedTests: 0, numFailedTests: 0, numFailedTestSuites: 1 }
  }
}

/** Prints `N passed, N failed` and exits; with 1 if anything failed or no test ran. */
export function conclude({ passed, failed }: Outcome, ...others: readonly boolean[]): never {
  const all = failed + others.filter((fine) => !fine).length
  console.log(`\n${passed} passed, ${all} failed`)
  process.exit(all === 0 && passed > 0 ? 0 : 1)
}
