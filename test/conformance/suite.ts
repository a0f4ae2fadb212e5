import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect } from 'vitest'

/** The folder of the MCP project’s own suite. */
export const SUITE = dirname(createRequire(import.meta.url).resolve('@modelcontextprotocol/conformance/package.json'))

export interface Check {
  id: string
  status: string
  errorMessage?: string
}

/** Starts the suite; calls `onOutput` with all its output so far, after each new output. */
export async function runSuite(arguments_: readonly string[], onOutput?: (output: string) => void): Promise<string> {
  const child = spawn(process.execPath, [join(SUITE, 'dist/index.js'), ...arguments_], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let printed = ''
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk
    onOutput?.(printed)
  })
  await new Promise((resolve) => child.once('close', resolve))
  return printed
}

/** Runs the suite and returns the checks of each scenario. There is no second try. */
export async function check(
  arguments_: readonly string[],
  onOutput?: (output: string) => void,
): Promise<Map<string, Check[]>> {
  const results = mkdtempSync(join(tmpdir(), 'trek-conformance-'))
  await runSuite([...arguments_, '--output-dir', results], onOutput)
  const checks = new Map<string, Check[]>()
  for (const folder of readdirSync(results)) {
    const name = /^(?:authorization-)?server-(.+)-\d{4}-\d{2}-\d{2}T.*$/.exec(folder)?.[1] as string
    checks.set(name, JSON.parse(readFileSync(join(results, folder, 'checks.json'), 'utf8')))
  }
  rmSync(results, { recursive: true, force: true })
  return checks
}

/** Expects that a scenario checked something, and that no check failed. */
export function expectPassed(checks: readonly Check[] = []): void {
  expect(checks.filter(({ status }) => status !== 'INFO')).not.toEqual([])
  expect(checks.filter(({ status }) => !['SUCCESS', 'INFO', 'SKIPPED'].includes(status))).toEqual([])
}
