import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** One line of a Dockerfile: its keyword, and the rest. */
export interface Instruction {
  readonly word: string
  readonly rest: string
}

/** The stages of a Dockerfile, each from one FROM to the next. */
export function stagesOf(dockerfile: string): Instruction[][] {
  const stages: Instruction[][] = []
  const lines = dockerfile
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim())
  for (const line of lines) {
    const [, word = '', rest = ''] = /^(\S+)\s+(.*)$/.exec(line) ?? []
    if (word === 'FROM') stages.push([])
    stages.at(-1)?.push({ word, rest })
  }
  return stages
}

/** Whether this system lets any user create namespaces (Linux, user_namespaces(7)). */
export const hasContainers = (): boolean => spawnSync('unshare', ['-rm', '--pid', '--fork', 'true']).status === 0

interface Container {
  /** An empty folder for the root of the container. */
  readonly root: string
  /** The folder mounted at `/trek`. */
  readonly trek: string
  /** The folder mounted at `/data`. */
  readonly data: string
  /** The only writable folders. */
  readonly writable: readonly string[]
  readonly uid: number
  readonly env: Record<string, string>
}

/**
 * Runs a command as a container does: as process 1, as a user without privileges, on a file system with only some writable
 * folders. The programs are those of this machine, and Node is the one that runs this test.
 */
export function inContainer(
  command: readonly string[],
  { root, trek, data, writable, uid, env }: Container,
): ChildProcess {
  const ids = [`--map-user=${uid}`, `--map-group=${uid}`]
  const enter = ['unshare', `--root=${root}`, '--user', ...ids, 'setpriv', '--no-new-privs', ...command]
  const args = [
    '-rm',
    '--pid',
    '--fork',
    'sh',
    '-euc',
    MOUNTS,
    root,
    process.execPath,
    trek,
    data,
    writable.join(' '),
    ...enter,
  ]
  return spawn('unshare', args, { env: { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', ...env } })
}

const MOUNTS = `
root=$0 node=$1 trek=$2 data=$3 writable=$4
shift 4
mount -t tmpfs -o mode=755 none "$root"
cd "$root"
mkdir dev proc etc tmp trek data
for folder in bin sbin lib lib64 usr; do
  if [ -L "/$folder" ]; then cp -P "/$folder" .
  elif [ -d "/$folder" ]; then mkdir "$folder" && mount --rbind "/$folder" "$folder"
  fi
done
for device in null urandom; do touch "dev/$device" && mount --bind "/dev/$device" "dev/$device"; done
mount -t proc proc proc
mount -t tmpfs none tmp
mount -t tmpfs none usr/local
mkdir usr/local/bin
touch usr/local/bin/node
mount --bind "$node" usr/local/bin/node
ln -s /trek/node_modules/.bin/trek usr/local/bin/trek
mount --bind "$trek" trek
mount --bind "$data" data
for folder in usr usr/local usr/local/bin/node trek data tmp ""; do
  case " $writable " in *" /$folder "*) ;; *) mount -o remount,bind,ro "$root/$folder" ;; esac
done
cd /
exec "$@"
`

/** The id on this machine of the container's process 1. */
export function firstOf({ pid }: ChildProcess): number {
  const [childPid] = readFileSync(join('/proc', `${pid}`, 'task', `${pid}`, 'children'), 'utf8').split(' ')
  return Number(childPid)
}

/** The output of a command after it has ended; fails if its exit code is not 0. */
export async function ends(child: ChildProcess): Promise<string> {
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (printed += chunk))
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`The command ended with ${code}: ${printed}`)
  return printed
}
