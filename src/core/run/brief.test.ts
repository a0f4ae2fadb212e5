import { expect, test } from 'vitest'
import { brief } from './brief.ts'

const WAY = 'call list_rows with {"after":'
const cutting = (most: number, done = true) => ({
  most,
  done,
  continuation: (list: string, rowsThere: readonly unknown[]) =>
    list === 'items' ? `${WAY}${(rowsThere.at(-1) as { id?: number })?.id ?? 0}}` : null,
})

const rows = (count: number, text = 'x'.repeat(80)) => Array.from({ length: count }, (_, at) => ({ id: at + 1, text }))

test('an answer within the limit stays unchanged', () => {
  const output = { items: rows(3), count: 3 }
  expect(brief(output, cutting(10_000)).output).toEqual(output)
})

test('the longest list is shortened, and the omitted rows are counted and their ids named', () => {
  const { output, said: notice } = brief({ items: rows(500), bags: rows(2), count: 500 }, cutting(20_000))
  const items = output.items as unknown[]
  expect(Buffer.byteLength(JSON.stringify(output))).toBeLessThanOrEqual(20_000)
  expect(items.length).toBeGreaterThan(150)
  expect(output).toMatchObject({ bags: rows(2), count: 500 })
  expect(notice).toContain(`Of items, the first ${items.length} of 500 are here.`)
  expect(notice).toContain(`The ids of the others are ${items.length + 1}, `)
  expect(notice).toContain(' 499, 500. ')
  expect(notice.endsWith(`For the others, ${WAY}${items.length}}.`)).toBe(true)
})

test('of very many ids, the first thousand are named', () => {
  const { said: notice } = brief({ items: rows(3000, '') }, cutting(1000))
  expect(notice).toMatch(/and \d{4} more\. For the others/)
  expect(notice.length).toBeLessThan(12_000)
})

test('if shorter lists are not enough, texts are shortened, at whole characters', () => {
  const { output, said: notice } = brief({ note: { content: '🗻'.repeat(5000) }, tags: ['a'] }, cutting(10_000))
  const { content } = output.note as { content: string }
  expect(content).toBe('🗻'.repeat(1000))
  expect(notice).toContain('Inside of entries, long texts and lists are cut; they are saved whole.')
})

test('an answer to a read is never cut to nothing: an entry that is too long is cut inside', () => {
  const people = Array.from({ length: 5000 }, (_, id) => ({ id }))
  const { output, said: notice } = brief(
    {
      summary: {
        items: [
          { id: 1, people },
          { id: 2, people },
        ],
      },
    },
    cutting(10_000, false),
  )
  const { items } = output.summary as { items: { id: number; people: unknown[] }[] }
  expect(items.map(({ id }) => id)).toEqual([1])
  expect(items[0]?.people).toHaveLength(100)
  expect(notice).toContain('Of summary.items, the first 1 of 2 are here.')
  expect(notice).not.toContain('done')
})
