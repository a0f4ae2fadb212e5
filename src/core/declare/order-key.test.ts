import fc from 'fast-check'
import { expect, test } from 'vitest'
import { byOrder, keyAfter, keysAfter, keysAt, keysInOrder, nextInOrder, type Ordered, OrderKey } from './order-key.ts'

const list = (count: number): Ordered[] => {
  const { keys } = keysAt([], 0, count)
  return keys.map((order_key, index) => ({ id: index + 1, order_key }))
}
const ids = (rows: readonly Ordered[]) => rows.toSorted(byOrder).map(({ id }) => id)
const withKeys = (rows: readonly Ordered[], keys: ReadonlyMap<Ordered, string>) =>
  rows.map((row) => ({ ...row, order_key: keys.get(row) ?? row.order_key }))

test('one move writes one row', () => {
  const [a, b, c, d] = list(4) as [Ordered, Ordered, Ordered, Ordered]
  const changed = keysInOrder([b, c, d, a])
  expect([...changed.keys()]).toEqual([a])
  expect(ids(withKeys([a, b, c, d], changed))).toEqual([2, 3, 4, 1])
})

test('a new last row sorts after all others', () => {
  const rows = list(300)
  expect(keyAfter(rows.at(-1)?.order_key ?? null) > (rows.at(-1)?.order_key ?? '')).toBe(true)
  expect(OrderKey.parse(keyAfter(null))).toBe('a0')
  const more = keysAfter('a0', 300)
  expect(['a0', ...more].toSorted()).toEqual(['a0', ...more])
  expect(new Set(more).size).toBe(300)
})

test('the row after a given one is known even if the given one is gone', () => {
  const [a, b, c, d] = list(4) as [Ordered, Ordered, Ordered, Ordered]
  expect([a, b, c, d].map((row) => nextInOrder([d, c, b, a], row))).toEqual([2, 3, 4, null])
  expect([b, d].map((row) => nextInOrder([c, a], row))).toEqual([3, null])
})

test('the next row gives short keys to a list whose keys have grown long', () => {
  let rows = list(2)
  let rewritten = 0
  for (let id = 3; id < 600; id++) {
    const { keys, changed } = keysAt(rows, 1)
    rewritten += Math.sign(changed.size)
    rows = [...withKeys(rows, changed), { id, order_key: keys[0] as string }].toSorted(byOrder)
    expect(rows[1]?.id).toBe(id)
  }
  expect(rewritten).toBeGreaterThan(0)
  expect(rewritten).toBeLessThan(10)
  for (const { order_key } of rows) expect(order_key.length).toBeLessThanOrEqual(40)
})

test('rows move around others that keep their keys, and no two keys are equal', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), fc.array(fc.nat()), fc.array(fc.nat()), (count, marks, places) => {
      const rows = list(count)
      const [otherKeys, ownKeys] = [
        rows.filter((_, at) => (marks[at] ?? 0) % 2),
        rows.filter((_, at) => !((marks[at] ?? 0) % 2)),
      ]
      const expected: Ordered[] = []
      for (const [at, row] of ownKeys.entries()) expected.splice((places[at] ?? 0) % (at + 1), 0, row)
      const after = withKeys(expected, keysInOrder(expected, otherKeys))
      expect(ids(after)).toEqual(expected.map(({ id }) => id))
      expect(new Set([...after, ...otherKeys].map(({ order_key }) => order_key)).size).toBe(count)
    }),
  )
})

test('if other rows need new keys too, all rows keep their places', () => {
  const longKey = `a0${'V'.repeat(39)}`
  const [a, other, b] = [
    { id: 1, order_key: 'a0' },
    { id: 2, order_key: longKey },
    { id: 3, order_key: `${longKey}V` },
  ]
  const [c] = [{ id: 4, order_key: 'a5' }]
  const changed = keysInOrder([a, c, b], [other])
  expect(ids(withKeys([a, b, c, other], changed))).toEqual([1, 2, 4, 3])
  for (const key of changed.values()) expect(key.length).toBeLessThanOrEqual(40)
})

test('any order can be reached from any other, and no two keys are equal', () => {
  const moves = fc.array(fc.tuple(fc.nat(), fc.nat(), fc.boolean()), { maxLength: 40 })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), moves, (count, steps) => {
      let rows = list(count)
      for (const [from, to, again] of steps) {
        const movedRow = rows[from % rows.length] as Ordered
        const otherRows = rows.filter((row) => row !== movedRow)
        const expected = otherRows.toSpliced(to % rows.length, 0, movedRow)
        const turned = again ? expected.toReversed() : expected
        rows = withKeys(turned, keysInOrder(turned))
        expect(ids(rows)).toEqual(turned.map(({ id }) => id))
        expect(new Set(rows.map(({ order_key }) => order_key)).size).toBe(rows.length)
      }
    }),
  )
})
