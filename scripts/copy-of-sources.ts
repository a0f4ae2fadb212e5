import { cpSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './freshness.js'

/** The sources of the build, and all files that a suite can load. */
const TREE = [
  'src',
  'test',
  'scripts',
  'bench',
  'docs',
  'locales',
  'dist',
  'bin',
  'package.json',
  'package-lock.json',
  'README.md',
  'LICENSE',
]
const SETTINGS = ['tsconfig.json', 'vite.config.ts', 'vitest.config.ts', '.dependency-cruiser.cjs']

/** Copies the sources and their build into a folder, with a link to the packages. */
export function copySources(folder: string): void {
  for (const part of [...TREE, ...SETTINGS]) {
    cpSync(join(ROOT, part), join(folder, part), { recursive: true, preserveTimestamps: true })
  }
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
}
