import { existsSync, globSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import { build } from 'vite'
import { ROOT } from './freshness.js'

const COMPRESS = /\.(js|mjs|css|svg|html)$/
const COMPRESS_FROM_BYTES = 1024

/** Builds the app into a folder; the map of the world in it stays. */
export async function buildWeb(folder: string): Promise<void> {
  clear(folder)
  await build({ root: join(ROOT, 'src/app'), configFile: join(ROOT, 'vite.config.ts'), logLevel: 'error' })
  compress(folder)
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

function clear(folder: string): void {
  if (!existsSync(folder)) return
  for (const name of readdirSync(folder)) if (name !== 'basemap') rmSync(join(folder, name), { recursive: true })
}
