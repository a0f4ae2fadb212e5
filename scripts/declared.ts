import { globSync, readFileSync } from 'node:fs'
import { dirname, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A constant that the contract of a feature declares for a list of another feature. */
interface Declared {
  /** Relative to `src/`: `features/packing/contract/news.ts`. */
  readonly file: string
  readonly exported: string
  readonly name: string
  readonly order: number
}

/** One list: the function that makes its members, the file of a contract with the members, and the list's name. */
interface List {
  readonly maker: string
  readonly file: string
  readonly list: string
  readonly about: string
}

const LISTS: Record<string, readonly List[]> = {
  'src/features/notifications/contract/news.generated.ts': [
    { maker: 'newsEvent', file: 'news.ts', list: 'NEWS', about: 'What people are notified of' },
  ],
  'src/features/sharing/contract/shared.generated.ts': [
    { maker: 'shareOption', file: 'shared.ts', list: 'OPTIONS', about: 'What the maker of a share link chooses' },
    { maker: 'sharedSection', file: 'shared.ts', list: 'SECTIONS', about: 'What a share link shows' },
  ],
  'src/identity/contract/scopes.generated.ts': [
    { maker: 'scopeGroup', file: 'scopes.ts', list: 'SCOPE_GROUPS', about: 'What can be granted' },
  ],
}

/** The lists from the contracts of all features below `root`, by file name. Reads the code without running it. */
export function declaredLists(root: URL): Record<string, string> {
  const written = Object.entries(LISTS).map(([file, lists]) => {
    const found = lists.map((list) => ({ ...list, members: declaredWith(list, root) }))
    const files = [...new Set(found.flatMap(({ members }) => members.map((one) => one.file)))].sort()
    const imports = files.map((from) => {
      const names = found.flatMap(({ members }) =>
        members.filter((one) => one.file === from).map((one) => one.exported),
      )
      return `import { ${names.sort().join(', ')} } from '${relative(dirname(file), `src/${from}`)}'`
    })
    const parts = found.flatMap(({ about, list, members }) => [
      '',
      `/** ${about}, in order. */`,
      `export const ${list} = {`,
      ...members.map(({ name, exported }) => `  ${name}: ${exported},`),
      '}',
    ])
    const text = ['// Written by `npm run generate` from the contracts of the features.', ...imports, ...parts, '']
    return [file, text.join('\n')]
  })
  return Object.fromEntries(written)
}

function declaredWith({ maker, file }: List, root: URL): Declared[] {
  const src = fileURLToPath(new URL('src/', root))
  const made = globSync(`features/*/contract/${file}`, { cwd: src }).flatMap((path) => {
    const text = readFileSync(`${src}${path}`, 'utf8')
    const form = new RegExp(`^export const (\\w+) = ${maker}\\(\\{\\s*name: '(\\w+)',\\s*order: (\\d+),`, 'gm')
    const found = [...text.matchAll(form)]
    if (found.length !== text.split(`= ${maker}(`).length - 1) {
      throw new Error(
        `Not every ${maker} in src/${path} can be read: write export const what = ${maker}({ name: 'what', order: 10, …`,
      )
    }
    return found.map(([, exported = '', name = '', order]) => ({ file: path, exported, name, order: Number(order) }))
  })
  const listed = made.sort((a, b) => a.order - b.order || a.file.localeCompare(b.file))
  listed.forEach((one, at) => {
    const twin = listed.slice(0, at).find(({ name, order }) => name === one.name || order === one.order)
    if (twin)
      throw new Error(`${twin.file} and ${one.file} declare the same name or place: ${twin.name} and ${one.name}`)
  })
  return listed
}
