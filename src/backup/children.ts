import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { buffer } from 'node:stream/consumers'

export interface Children {
  /** Runs a `trek` command to its end and returns its JSON. Throws with the message of a failed command. */
  run(...words: string[]): Promise<unknown>
  /** Ends running commands; no more can start. */
  close(): Promise<void>
}

/** The time that a child has to end. */
const END_WITHIN_MS = 1000

/**
 * Runs commands in child processes: compressing gigabytes would block a server. `entry` is the command's file; without
 * `env`, children inherit the environment.
 */
export function childrenOf(entry: string, env?: Record<string, string>): Children {
  const running = new Map<ChildProcess, Promise<unknown>>()
  let closed = false

  async function run(...words: string[]): Promise<unknown> {
    if (closed) throw new Error('The server is shutting down.')
    const child = spawn(process.execPath, [entry, ...words, '--json'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(env && { env }),
    })
    const ended = once(child, 'close')
    running.set(child, ended)
    try {
      const [printed, complaint, [code, signal]] = await Promise.all([
        buffer(child.stdout),
        buffer(child.stderr),
        ended,
      ])
      return answerOf({ printed: String(printed), complaint: String(complaint), code, signal })
    } finally {
      running.delete(child)
    }
  }

  async function close(): Promise<void> {
    closed = true
    const left = [...running]
    for (const [child] of left) child.kill('SIGTERM')
    const hard = setTimeout(() => {
      for (const [child] of left) child.kill('SIGKILL')
    }, END_WITHIN_MS)
    await Promise.allSettled(left.map(([, ended]) => ended))
    clearTimeout(hard)
  }

  return { run, close }
}

interface Ended {
  readonly printed: string
  readonly complaint: string
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

function answerOf({ printed, complaint, code, signal }: Ended): unknown {
  if (signal) throw new Error(`It was stopped from outside (${signal}). There may be too little memory.`)
  let answer: { error?: { message?: string } }
  try {
    answer = JSON.parse(printed)
  } catch {
    throw new Error(reasonIn(complaint) || `It ended with code ${code} and no message.`)
  }
  if (answer.error) throw new Error(answer.error.message)
  return answer
}

/** The first error message, without the output that Node adds. */
function reasonIn(complaint: string): string | undefined {
  const lines = complaint.trim().split('\n')
  const thrown = lines.flatMap((line) => /^(?:Uncaught )?(?:\w*Error)(?: \[\w+\])?: (.+)/.exec(line)?.[1] ?? [])
  return thrown[0] ?? lines.at(-1)
}
