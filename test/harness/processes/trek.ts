import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { buffer } from 'node:stream/consumers'
import { SERVER } from '../../../bench/processes.ts'

/** The result of a command. */
export interface CommandResult {
  /** Null if it was killed. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<CommandResult>
}

/** Starts a command in its own process, with `env` added to the environment. */
export const launchTrek = (env: Record<string, string>, ...words: string[]): Running => launch(SERVER, env, ...words)

/** The same for another script of this repository. */
export function launch(file: string, env: Record<string, string>, ...words: string[]): Running {
  const child = spawn(process.execPath, [file, ...words], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const texts = Promise.all([buffer(child.stdout), buffer(child.stderr)])
  const ended = once(child, 'close').then(async ([code]): Promise<CommandResult> => {
    const [stdout, stderr] = await texts
    return { code: code as number | null, stdout: String(stdout), stderr: String(stderr) }
  })
  return { child, ended }
}

/** Runs a command to its end. */
export const trek = (env: Record<string, string>, ...words: string[]): Promise<CommandResult> =>
  launchTrek(env, ...words).ended
