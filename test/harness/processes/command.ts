import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** A command that starts a server, as in a terminal. */
export interface StartedCommand {
  readonly pid: number
  /** Its output so far. */
  printed(): string
  /** Ends the command and all its child processes. */
  stop(): Promise<void>
}

/** Starts a command and waits until it prints `ready`. If it ends or takes too long, the error contains its output. */
export async function startCommand(
  [program, ...args]: readonly [string, ...string[]],
  { env, cwd, ready, ms = 50_000 }: { env: NodeJS.ProcessEnv; cwd?: string; ready: string; ms?: number },
): Promise<StartedCommand> {
  // A separate process group: npm starts a shell that starts the server, and all of them must end.
  const child = spawn(program, args, { env, cwd, detached: true, stdio: ['ignore', 'pipe', 'inherit'] })
  // Only 'close' means that the server has ended too: npm exits earlier, while the server still writes.
  const closed = once(child, 'close')
  let hasEnded = false
  void closed.then(() => {
    hasEnded = true
  })
  let printed = ''
  child.stdout.on('data', (chunk) => {
    printed += chunk
  })
  const stop = async () => {
    if (!hasEnded) endGroup(child.pid as number)
    await closed
  }
  const end = Date.now() + ms
  while (!printed.includes(ready)) {
    if (hasEnded || Date.now() > end) {
      await stop()
      throw new Error(`It did not start: ${printed}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return { pid: child.pid as number, printed: () => printed, stop }
}

/** Ignores a group that has ended already. */
function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGTERM')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
