import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect } from 'vitest'
import { SERVER } from '../../../bench/processes.ts'

const run = promisify(execFile)

/** The result of a command. */
export interface Outcome {
  code: number
  stdout: string
  stderr: string
}

/** Runs a command with these settings only, and with a key. */
export async function trek(env: Record<string, string>, ...args: string[]): Promise<Outcome> {
  const environment = { PATH: process.env.PATH ?? '', ENCRYPTION_KEY: '5e'.repeat(32), ...env }
  try {
    return { code: 0, ...(await run(process.execPath, [SERVER, ...args], { env: environment })) }
  } catch (error) {
    const { code, stdout, stderr } = error as Outcome
    return { code, stdout, stderr }
  }
}

/** Runs a command with `--json`; asserts that standard output is a single document, and returns it. */
export async function document(env: Record<string, string>, ...args: string[]) {
  const { code, stdout } = await trek(env, ...args, '--json')
  expect(stdout.endsWith('\n')).toBe(true)
  expect(stdout.trimEnd()).not.toContain('\n')
  return { code, json: JSON.parse(stdout) }
}
