import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { buffer } from 'node:stream/consumers'
import { SERVER } from '../../../bench/processes.ts'

/** What a command of the command line has answered. */
export interface Told {
  /** Null where it was killed. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<Told>
}

/** Starts the command line as a process of its own, as somebody runs it; `env` is all that it is told besides. */
export const launchTrek = (env: Record<string, string>, ...words: string[]): Running => launch(SERVER, env, ...words)

/** The same of another program of ours. */
export function launch(file: string, env: Record<string, string>, ...words: string[]): Running {
  const child = spawn(process.execPath, [file, ...words], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const texts = Promise.all([buffer(child.stdout), buffer(child.stderr)])
  const ended = once(child, 'close').then(async ([code]): Promise<Told> => {
    const [stdout, stderr] = await texts
    return { code: code as number | null, stdout: String(stdout), stderr: String(stderr) }
  })
  return { child, ended }
}

/** Runs it to its end. */
export const trek = (env: Record<string, string>, ...words: string[]): Promise<Told> => launchTrek(env, ...words).ended
