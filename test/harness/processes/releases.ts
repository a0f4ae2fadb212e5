import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { copySources } from '../../../scripts/copy-of-sources.ts'
import { ROOT } from '../../../scripts/freshness.js'
import { migrationFiles } from '../../../scripts/migrations.ts'
import { PROVING } from '../prove.ts'

/** An installed release, without the sources. */
export interface Release {
  readonly version: string
  /** The program to start. */
  readonly program: string
}

const MIGRATION_TYPE = '../../core/data/migration.ts'

/** A migration that only adds a table, as most do. */
const NEXT_MIGRATION = `import type { Migration } from '${MIGRATION_TYPE}'

export const next: Migration = async (db) => {
  await db.schema.createTable('next_things').addColumn('id', 'integer', (column) => column.primaryKey()).execute()
}
`

/**
 * A copy of the product's sources, from which releases are built. In `npm test` it uses the packages of this checkout. In
 * `npm run prove` it is a fresh clone that installs its packages, and npm packs and installs the releases.
 */
export class Sources {
  readonly #folder = mkdtempSync(join(tmpdir(), 'trek-sources-'))
  readonly #sources = join(this.#folder, 'sources')

  constructor() {
    if (PROVING) {
      run(this.#folder, 'git', 'clone', '--quiet', ROOT, this.#sources)
      run(this.#sources, 'npm', 'ci', '--no-audit', '--no-fund')
    } else copySources(this.#sources)
  }

  /** Builds and installs a release of the current sources. */
  release(): Release {
    run(this.#sources, process.execPath, 'scripts/build.ts')
    const { version } = readJson(join(this.#sources, 'package.json'))
    const releaseFolder = join(this.#folder, String(version))
    const installed = join(releaseFolder, 'node_modules/trek')
    mkdirSync(releaseFolder)
    if (PROVING) {
      const [packed] = JSON.parse(run(releaseFolder, 'npm', 'pack', join(this.#sources, 'dist'), '--json')) as [
        { filename: string },
      ]
      run(releaseFolder, 'npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', `./${packed.filename}`)
    } else {
      cpSync(join(this.#sources, 'dist'), installed, { recursive: true })
      for (const name of Object.keys(readJson(join(installed, 'package.json')).dependencies as object)) {
        symlinkSync(join(ROOT, 'node_modules', name), join(releaseFolder, 'node_modules', name))
      }
    }
    return { version: String(version), program: join(installed, 'bin/trek.js') }
  }

  /** Changes the sources to the next version, with one more migration. */
  advance(version: string): void {
    const file = join(this.#sources, 'package.json')
    writeFileSync(file, JSON.stringify({ ...readJson(file), version }, null, 2))
    writeFileSync(join(this.#sources, 'src/db/migrations/9000_next.ts'), NEXT_MIGRATION)
    for (const [path, text] of Object.entries(migrationFiles(pathToFileURL(`${this.#sources}/`)))) {
      writeFileSync(join(this.#sources, path), text)
    }
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

const run = (cwd: string, program: string, ...args: string[]): string =>
  execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

const readJson = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
