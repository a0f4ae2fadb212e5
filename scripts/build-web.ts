import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import { build, type Rolldown } from 'vite'
import { ROOT } from './freshness.js'
import { keepTwoBuilds } from './last-build.ts'

const COMPRESS = /\.(js|mjs|css|svg|html)$/
const COMPRESS_FROM_BYTES = 1024

/** Builds the app into a folder. */
export async function buildWeb(folder: string): Promise<void> {
  const { output } = (await build({
    root: join(ROOT, 'src/app'),
    configFile: join(ROOT, 'vite.config.ts'),
    logLevel: 'error',
  })) as Rolldown.RolldownOutput
  const made = output.map(({ fileName }) => fileName)
  // Vite copies the files of `public` without listing them in its output.
  for (const path of [...made, ...readdirSync(join(ROOT, 'src/app/public'))]) compress(join(folder, path))
  const parts = made.filter((path) => path.startsWith('assets/')).map((path) => basename(path))
  keepTwoBuilds(join(folder, 'assets'), [...parts, ...parts.map((name) => `${name}.br`)], () => true)
}

/** Compresses a file once, so that the server need not do it for each visitor. */
function compress(path: string): void {
  if (!COMPRESS.test(path)) return
  const bytes = readFileSync(path)
  if (bytes.length < COMPRESS_FROM_BYTES) return
  writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }))
}
