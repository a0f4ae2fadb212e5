import { existsSync, globSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants } from 'node:zlib'
import { build } from 'vite'
import { writeBasemap } from './basemap.ts'

/** Builds the web app into dist/web when its sources are newer than the last build; says nothing when there is nothing to do. */
const ROOT = fileURLToPath(new URL('..', import.meta.url))
const OUT = join(ROOT, 'dist/web')
const BASEMAP = join(OUT, 'basemap')
const BUILT = join(OUT, '.built')
const BASEMAP_BUILT = join(BASEMAP, '.built')

const WEB_SOURCES = [
  'src/{app,ui}/**/*',
  'src/**/{web,contract}/**/*',
  'src/core/declare/*.ts',
  'src/transports/live/contract.ts',
  'locales/*.json',
  'vite.config.ts',
  'package-lock.json',
]
const BASEMAP_SOURCES = ['scripts/basemap.ts', 'package-lock.json']
const COMPRESS = /\.(js|mjs|css|svg|html)$/
const COMPRESS_FROM_BYTES = 1024

const changedAt = (path: string): number => statSync(path).mtimeMs

function isFresh(mark: string, sources: readonly string[]): boolean {
  if (!existsSync(mark)) return false
  const built = changedAt(mark)
  return globSync([...sources], { cwd: ROOT }).every((path) => changedAt(join(ROOT, path)) <= built)
}

/** So that the server need not compress the same file again for each visitor. */
function compress(folder: string): void {
  for (const path of globSync('**/*', { cwd: folder, exclude: ['basemap/**'] })) {
    if (!COMPRESS.test(path)) continue
    const bytes = readFileSync(join(folder, path))
    if (bytes.length < COMPRESS_FROM_BYTES) continue
    writeFileSync(
      join(folder, `${path}.br`),
      brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
    )
  }
}

function clear(): void {
  if (!existsSync(OUT)) return
  for (const name of readdirSync(OUT)) if (name !== 'basemap') rmSync(join(OUT, name), { recursive: true })
}

if (!isFresh(BUILT, WEB_SOURCES)) {
  const begun = Date.now()
  clear()
  await build({ root: join(ROOT, 'src/app'), configFile: join(ROOT, 'vite.config.ts'), logLevel: 'error' })
  compress(OUT)
  writeFileSync(BUILT, '')
  console.log(`Built the web app in ${((Date.now() - begun) / 1000).toFixed(1)} s`)
}
if (!isFresh(BASEMAP_BUILT, BASEMAP_SOURCES)) {
  writeBasemap(BASEMAP)
  writeFileSync(BASEMAP_BUILT, '')
}
