import fc from 'fast-check'
import { expect, test } from 'vitest'
import { times } from '../../../test/harness/prove.ts'
import { PAGE_BYTES, pageOf } from './paging.ts'

const rows = (count: number, text = '') => Array.from({ length: count }, (_, index) => ({ id: index + 1, text }))

function idsOfAllPages(allRows: { id: number }[], limit?: number): number[] {
  const seenIds: number[] = []
  let cursor: string | undefined
  do {
    const page = pageOf(allRows, { ...(cursor !== undefined && { cursor }), ...(limit !== undefined && { limit }) })
    seenIds.push(...page.items.map((item) => item.id))
    expect(page.remaining).toBe(allRows.length - seenIds.length)
    cursor = page.next_cursor ?? undefined
  } while (cursor !== undefined)
  return seenIds
}

test('the pages together contain every row once and in order', () => {
  fc.assert(
    fc.property(fc.nat({ max: 1500 }), fc.integer({ min: 1, max: 400 }), (count, limit) => {
      expect(idsOfAllPages(rows(count), limit)).toEqual(rows(count).map((row) => row.id))
    }),
    { numRuns: times(50, 1000) },
  )
})

test('a page stays within its limit of bytes, but has at least one row', () => {
  const page = pageOf(rows(1000, 'x'.repeat(1000)), {})
  expect(JSON.stringify(page.items).length).toBeLessThan(PAGE_BYTES + 1100)
  expect(pageOf(rows(3, 'x'.repeat(PAGE_BYTES)), {}).items).toHaveLength(1)
})

test('rows added or removed before a page do not shift it', () => {
  const allRows = rows(10)
  const { next_cursor } = pageOf(allRows, { limit: 4 })
  const changed = [{ id: 99, text: '' }, ...allRows.filter((row) => row.id !== 2)]
  expect(pageOf(changed, { cursor: next_cursor as string, limit: 2 }).items.map((row) => row.id)).toEqual([5, 6])
  const without = allRows.filter((row) => row.id !== 4)
  expect(pageOf(without, { cursor: next_cursor as string, limit: 2 }).items.map((row) => row.id)).toEqual([6, 7])
})

test.each(['', 'x', 'bm9uc2Vuc2U', Buffer.from('[1,-5]').toString('base64url')])('%j is no cursor', (cursor) => {
  expect(() => pageOf(rows(3), { cursor })).toThrow('is not a cursor')
})
