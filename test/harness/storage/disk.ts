import { execFileSync, spawnSync } from 'node:child_process'
import { rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Whether this system lets anybody mount a disk of their own (Linux, user_namespaces(7)). */
export const hasDisks = (): boolean => spawnSync('unshare', ['-rm', 'true']).status === 0

/** The disk of one process, of so many megabytes, mounted at a folder that only this process sees it in. */
export interface Disk {
  /** Runs a command with the disk, which begins with what lies in `seed`. */
  readonly through: readonly [string, ...string[]]
  /** Uses up what is left of it, but for so many bytes. */
  fill(pid: number, left?: number): void
  /** Takes that away again. */
  empty(pid: number): void
  /** Has every write to a file of the disk fail with an error, or no longer. */
  setFailing(pid: number, failing: boolean): void
}

export function diskAt(folder: string, seed: string, megabytes: number): Disk {
  // Ignored, so that a write beyond the limit of a file fails with an error instead of ending the process (setrlimit(2)).
  const mount = `trap '' XFSZ; mount -t tmpfs -o size=${megabytes}m,mode=700 none "$0" && cp -a "${seed}/." "$0" && exec "$@"`
  // How the disk is reached from outside of the process (proc_pid_root(5)).
  const within = (pid: number) => join(`/proc/${pid}/root`, folder)
  const filler = (pid: number) => join(within(pid), 'filler')
  return {
    through: ['unshare', '-rm', 'sh', '-c', mount, folder],
    fill(pid, left = 0) {
      const { bavail, bsize } = statfsSync(within(pid))
      writeFileSync(filler(pid), Buffer.alloc(Math.max(0, bavail * bsize - left)))
    },
    empty: (pid) => rmSync(filler(pid), { force: true }),
    setFailing(pid, failing) {
      execFileSync('prlimit', ['--pid', String(pid), `--fsize=${failing ? 0 : 'unlimited'}:unlimited`])
    },
  }
}
