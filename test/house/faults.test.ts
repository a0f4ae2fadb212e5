import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { FAULTS, planted } from '../prove/faults.ts'

const root = new URL('../../', import.meta.url)
const read = (file: string) => readFileSync(new URL(file, root), 'utf8')

test('there are at least thirty different faults to plant', () => {
  expect(new Set(FAULTS.map(({ breaks }) => breaks)).size).toBe(FAULTS.length)
  expect(FAULTS.length).toBeGreaterThanOrEqual(30)
})

test.each(FAULTS)('this fault can still be planted: $breaks', (fault) => {
  const text = read(fault.file)
  expect(planted(text, fault)).not.toBe(text)
  expect(fault.caughtBy.filter((suite) => !existsSync(new URL(suite, root)))).toEqual([])
})

test('a fault is refused if its text does not occur exactly once', () => {
  const [fault] = FAULTS
  if (!fault) throw new Error('There are no faults')
  expect(() => planted('another text', fault)).toThrow('must have this once')
  expect(() => planted(`${fault.find} ${fault.find}`, fault)).toThrow('must have this once')
})
