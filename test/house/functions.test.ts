import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync } from '@swc/core'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')

const MOST_LINES_OF_A_FUNCTION = 120
const MOST_LINES_OF_A_FILE = 400

/** Excludes tests and files that only list data: generated files and the texts of messages. */
const EXCEPT = /\.test\.tsx?$|\.generated\.ts$|\/messages\.ts$/

const FILES = globSync('src/**/*.{ts,tsx}', { cwd: root })
  .filter((file) => !EXCEPT.test(file))
  .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }))

const linesIn = (text: string): number => text.trimEnd().split('\n').length

interface Measured {
  /** The first line of the function. */
  readonly line: number
  readonly lines: number
}

const FUNCTIONS = new Set([
  'ArrowFunctionExpression',
  'ClassMethod',
  'Constructor',
  'FunctionDeclaration',
  'FunctionExpression',
  'GetterProperty',
  'MethodProperty',
  'PrivateMethod',
  'SetterProperty',
])

/** All functions of a text, including nested ones. */
function functionsIn(text: string, tsx = false): Measured[] {
  const source = Buffer.from(`;${text}`)
  const { body } = parseSync(String(source), { syntax: 'typescript', tsx, target: 'esnext' })
  // Positions also count the bytes of all texts parsed before, so the first statement marks the beginning of this text.
  const start = body[0]?.span.start ?? 0
  const measured: Measured[] = []
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    if (isFunction(value)) {
      const code = String(source.subarray(value.span.start - start, value.span.end - start))
      measured.push({ line: linesUpTo(source, value.span.start - start), lines: code.split('\n').length })
    }
    for (const part of Object.values(value)) visit(part)
  }
  visit(body)
  return measured
}

const isFunction = (value: object): value is { span: { start: number; end: number } } =>
  'type' in value && typeof value.type === 'string' && FUNCTIONS.has(value.type) && 'span' in value

const linesUpTo = (source: Buffer, position: number): number => String(source.subarray(0, position)).split('\n').length

test(`no function has more than ${MOST_LINES_OF_A_FUNCTION} lines`, () => {
  expect(FILES.length).toBeGreaterThan(300)
  const longFunctions = FILES.flatMap(({ file, text }) =>
    functionsIn(text, file.endsWith('x'))
      .filter(({ lines }) => lines > MOST_LINES_OF_A_FUNCTION)
      .map(({ line, lines }) => `${file}:${line} has ${lines} lines`),
  )
  expect(longFunctions).toEqual([])
})

test(`no file has more than ${MOST_LINES_OF_A_FILE} lines`, () => {
  const longFiles = FILES.filter(({ text }) => linesIn(text) > MOST_LINES_OF_A_FILE)
  expect(longFiles.map(({ file, text }) => `${file} has ${linesIn(text)} lines`)).toEqual([])
})

const body = (lines: number): string => Array.from({ length: lines - 2 }, () => '  go()\n').join('')

test.each([
  ['a declaration', (inside: string) => `function long() {\n${inside}}`],
  ['an arrow', (inside: string) => `const long = () => {\n${inside}}`],
  ['a method of an object', (inside: string) => `const object = { long() {\n${inside}} }`],
  ['a getter', (inside: string) => `const object = { get long() {\n${inside}} }`],
  ['a method of a class', (inside: string) => `class Long { long() {\n${inside}} }`],
  ['a private method', (inside: string) => `class Long { #long() {\n${inside}} }`],
  ['a constructor', (inside: string) => `class Long { constructor() {\n${inside}} }`],
  ['a function after non-ASCII characters', (inside: string) => `const text = '…é😀'\nfunction long() {\n${inside}}`],
])('%s is measured', (_what, code) => {
  const text = `// A comment comes first.\n\n${code(body(30))}\n`
  expect(functionsIn(text)).toEqual([{ line: text.includes('…') ? 4 : 3, lines: 30 }])
})

test('the lines of a nested function count for both functions', () => {
  const text = `const outer = () => {\n  const inner = () => {\n    go()\n  }\n  inner()\n}\n`
  expect(functionsIn(text)).toEqual([
    { line: 1, lines: 6 },
    { line: 2, lines: 3 },
  ])
})
