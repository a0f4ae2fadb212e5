import { readFileSync, writeFileSync } from 'node:fs'

/**
 * Completes package-lock.json after `npm install`: npm leaves out some optional packages for other platforms (npm/cli#4828), and
 * `npm ci` then refuses the lock file. This adds each missing package with its version and its platform.
 */
interface Entry {
  version: string
  optional?: boolean
  dev?: boolean
  os?: string[]
  cpu?: string[]
  libc?: string[]
  optionalDependencies?: Record<string, string>
}

const FILE = new URL('../package-lock.json', import.meta.url)
const OS = /(?:^|[-/])(android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|aix|win32|windows)(?:-|$)/
const CPU = /(?:^|[-/])(x64|arm64|ia32|arm|riscv64|ppc64|s390x|loong64|mips64el|wasm32)(?:-|$)/
const WRITTEN_OTHERWISE: Record<string, string> = { windows: 'win32' }

const lock = JSON.parse(readFileSync(FILE, 'utf8')) as { packages: Record<string, Entry> }
const known = new Set(Object.keys(lock.packages))
let added = 0
for (const [path, { optionalDependencies = {}, dev }] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    if (isThere(path, name)) continue
    const os = OS.exec(name)?.[1]
    const cpu = CPU.exec(name)?.[1]
    // npm leaves out only packages for a platform. A person must check any other missing package.
    if (!os && !cpu) throw new Error(`${path} can use ${name}, which is not in the lock file and names no platform`)
    lock.packages[`node_modules/${name}`] = {
      version: version.replace(/^[\^~]/, ''),
      ...(cpu && { cpu: [cpu] }),
      ...(dev && { dev }),
      ...(/musl/.test(name) && { libc: ['musl'] }),
      ...(/-gnu/.test(name) && { libc: ['glibc'] }),
      optional: true,
      ...(os && { os: [WRITTEN_OTHERWISE[os] ?? os] }),
    }
    known.add(`node_modules/${name}`)
    added++
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)))
writeFileSync(FILE, `${JSON.stringify(lock, null, 2)}\n`)
console.log(`${added} packages of other platforms entered`)

/** Whether Node's resolution finds a package of this name from a path. */
function isThere(from: string, name: string): boolean {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    if (known.has(`${at ? `${at}/` : ''}node_modules/${name}`)) return true
    if (!at) return false
  }
}
