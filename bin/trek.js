#!/usr/bin/env node
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'

// Runs what is built. In a checkout it builds first what is older than its sources. Plain JavaScript: it says what is missing on any Node.

const NEEDED = [22, 19]
const at = (path) => fileURLToPath(new URL(path, import.meta.url))
/** The build lies beside `bin` in the package that is released, and in `dist` of a checkout. */
const ENTRY = ['../server/trek.js', '../dist/server/trek.js'].map(at)
const BUILD = at('../scripts/build.ts')
const BUILDER = at('../node_modules/rolldown')
/** The Node that a checkout installs for itself. */
const OWN_NODE = at('../node_modules/node/bin/node')

const isNewEnough = () => {
  const [major, minor] = process.versions.node.split('.').map(Number)
  return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])
}

if (isNewEnough()) await start()
else if (existsSync(OWN_NODE)) runWith(OWN_NODE)
else stop(`TREK needs Node ${NEEDED.join('.')} or newer, and this is ${process.versions.node}: install a newer Node.`)

async function start() {
  if (existsSync(BUILD) && existsSync(BUILDER)) await build()
  const entry = ENTRY.find(existsSync)
  if (!entry) stop('TREK is not built: run npm ci && npm run build.')
  await import(pathToFileURL(entry).href)
}

async function build() {
  const { staleParts } = await import('../scripts/freshness.js')
  if (!staleParts().length) return
  // To standard error: what a command prints may be read by a program.
  const { status } = spawnSync(process.execPath, [BUILD], { stdio: ['ignore', process.stderr, process.stderr] })
  if (status !== 0) stop('TREK could not be built; the reason is above.')
}

function runWith(node) {
  const child = spawn(node, process.argv.slice(1), { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    if (!signal) process.exit(code ?? 1)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}

function stop(reason) {
  process.stderr.write(`${reason}\n`)
  process.exit(1)
}
