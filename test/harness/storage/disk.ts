import { execFileSync, spawnSync } from 'node:child_process'
import { rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Whether this system lets any user mount a file system (Linux, user_namespaces(7)). */
export const hasDisks = (): boolean => spawnSync('unshare', ['-rm', 'true']).status === 0

/** A disk of limited size, mounted at a folder so that only one process sees it. */
export interface Disk {
  /** A command prefix that runs a command with the disk, which starts with the contents of `seed`. */
  readonly through: readonly [string, ...string[]]
  /** Fills the disk, except for so many bytes. */
  fill(pid: number, bytesLeft?: number): void
  /** Removes the filler. */
  empty(pid: number): void
  /** Makes every write to a file of the disk fail, or succeed again. */
  setFailing(pid: number, failing: boolean): void
}

export function diskAt(folder: string, seed: string, megabytes: number): Disk {
  // Ignores SIGXFSZ, so that a write beyond the file size limit fails instead of ending the process (setrlimit(2)).
  const mount = `trap '' XFSZ; mount -t tmpfs -o size=${megabytes}m,mode=700 none "$0" && cp -a "${seed}/." "$0" && exec "$@"`
  // The path of the disk from outside the process (proc_pid_root(5)).
  const within = (pid: number) => join(`/proc/${pid}/root`, folder)
  const filler = (pid: number) => join(within(pid), 'filler')
  return {
    through: ['unshare', '-rm', 'sh', '-c', mount, folder],
    fill(pid, bytesLeft = 0) {
      const { bavail, bsize } = statfsSync(within(pid))
      writeFileSync(filler(pid), Buffer.alloc(Math.max(0, bavail * bsize - bytesLeft)))
    },
    empty: (pid) => rmSync(filler(pid), { force: true }),
    setFailing(pid, failing) {
      execFileSync('prlimit', ['--pid', String(pid), `--fsize=${failing ? 0 : 'unlimited'}:unlimited`])
    },
  }
}
