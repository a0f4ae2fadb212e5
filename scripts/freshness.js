// @ts-check
import { existsSync, globSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

// Plain JavaScript, so that bin/trek.js can import it on any version of Node.

export const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** The parts of the build: for each, a file that is written last, and its sources. */
export const PARTS = {
  web: {
    mark: 'dist/web/.built',
    sources: [
      'src/{app,ui}/**/*',
      'src/**/{web,contract}/**/*',
      'src/core/declare/*.ts',
      'src/transports/live/contract.ts',
      'locales/en/*.json',
      'vite.config.ts',
      'package-lock.json',
    ],
  },
  basemap: { mark: 'dist/web/basemap/.built', sources: ['scripts/basemap.ts', 'package-lock.json'] },
  server: {
    mark: 'dist/server/.built',
    sources: [
      'src/*.{ts,json}',
      'src/!(app|ui|features|identity)/**/*',
      'src/identity/{contract,server}/**/*',
      'src/features/*.ts',
      'src/features/*/{contract,server}/**/*',
      'scripts/build-server.ts',
      'package.json',
      'package-lock.json',
    ],
  },
}

/** The parts that are missing or older than their sources. */
export const staleParts = () =>
  /** @type {(keyof typeof PARTS)[]} */ (Object.keys(PARTS)).filter((part) => !isFresh(PARTS[part]))

/** @param {{ mark: string, sources: string[] }} part */
function isFresh({ mark, sources }) {
  const built = join(ROOT, mark)
  if (!existsSync(built)) return false
  const builtAt = statSync(built).mtimeMs
  return globSync(sources, { cwd: ROOT, exclude: isTest }).every(
    (path) => statSync(join(ROOT, path)).mtimeMs <= builtAt,
  )
}

/** @param {string} path */
const isTest = (path) => /[.]test[.]tsx?$/.test(path)
