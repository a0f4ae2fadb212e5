import { expect, test } from 'vitest'
import { brief } from './brief.ts'

const rows = (count: number, text = 'x'.repeat(80)) => Array.from({ length: count }, (_, at) => ({ id: at + 1, text }))

test('an answer that fits stays as it is', () => {
  const output = { items: rows(3), count: 3 }
  expect(brief(output, 10_000).output).toEqual(output)
})

test('the longest list ends earlier, what is left out is counted, and its ids are named', () => {
  const { output, said } = brief({ items: rows(500), bags: rows(2), count: 500 }, 20_000)
  const items = output.items as unknown[]
  expect(Buffer.byteLength(JSON.stringify(output))).toBeLessThanOrEqual(20_000)
  expect(items.length).toBeGreaterThan(150)
  expect(output).toMatchObject({ bags: rows(2), count: 500 })
  expect(said).toContain(`Of items, the first ${items.length} of 500 are here.`)
  expect(said).toContain(`The ids of the others are ${items.length + 1}, `)
  expect(said).toMatch(/ 499, 500\.$/)
})

test('of very many ids the first thousand are named', () => {
  const { said } = brief({ items: rows(3000, '') }, 1000)
  expect(said).toMatch(/and \d{4} more\.$/)
  expect(said.length).toBeLessThan(12_000)
})

test('where lists alone do not make it too long, texts end earlier, whole characters only', () => {
  const { output, said } = brief({ note: { content: '🗻'.repeat(5000) }, tags: ['a'] }, 10_000)
  const { content } = output.note as { content: string }
  expect(content).toBe('🗻'.repeat(1000))
  expect(said).toContain('Texts are cut to 2000 characters')
})
