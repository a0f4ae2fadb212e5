import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { FromServer } from './contract.ts'
import { pagesOf, textsOf } from './pages.ts'

const HEAD = { type: 'snapshot', space: 'trip', id: 7, seq: 9, epoch: 'first', view: 'as-member' } as const

const rowsOf = (count: number, name: string) => Array.from({ length: count }, (_, id) => ({ id, name }))

const framesOf = (rows: Record<string, unknown[]>, most: number) =>
  [...textsOf(HEAD, rows, most)].map((text) => FromServer.parse(JSON.parse(text)) as FromServer & { type: 'snapshot' })

describe('pages of a snapshot', () => {
  test.each([
    ['nothing', {}],
    ['tables that are empty', { place: [], day: [] }],
    ['one table over many pages', { place: rowsOf(100, 'Kinkaku-ji') }],
    ['many tables in one page', { place: rowsOf(2, 'a'), day: [], note: rowsOf(1, 'b') }],
    [
      'tables that end and begin within pages',
      { place: rowsOf(7, 'x'), day: rowsOf(50, 'yy'), none: [], note: rowsOf(9, 'z') },
    ],
    ['texts of more bytes than letters', { place: rowsOf(30, '金閣寺') }],
  ])('together contain all rows: %s', (_what, rows) => {
    const frames = framesOf(rows, 200)
    const joined: Record<string, unknown[]> = {}
    for (const frame of frames) {
      for (const [entity, rowsOfEntity] of Object.entries(frame.rows))
        joined[entity] = [...(joined[entity] ?? []), ...rowsOfEntity]
    }
    expect(joined).toEqual(rows)
    expect(frames.map(({ page, more }) => [page, more])).toEqual(frames.map((_, at) => [at, at < frames.length - 1]))
  })

  test('stay within the limit, except for a single row that is larger', () => {
    const rows = { place: [...rowsOf(50, '金閣寺'), { id: 50, name: 'x'.repeat(1000) }, ...rowsOf(50, 'y')] }
    const sizes = framesOf(rows, 200).map((frame) => {
      const rowsOfPage = Object.values(frame.rows).flat()
      return {
        rows: rowsOfPage.length,
        bytes: rowsOfPage.reduce((sum, row) => sum + Buffer.byteLength(JSON.stringify(row)), 0),
      }
    })
    expect(sizes.filter(({ bytes }) => bytes > 200)).toEqual([{ rows: 1, bytes: 1019 }])
    expect(sizes.length).toBeGreaterThan(10)
  })

  test('are packed if the client accepts that and it saves enough', async () => {
    const large = { place: rowsOf(1000, 'Kinkaku-ji') }
    const [plain] = await pagesOf(HEAD, large, false)
    const [packed] = await pagesOf(HEAD, large, true)
    expect([plain?.binary, packed?.binary]).toEqual([false, true])
    expect(gunzipSync(packed?.data as Buffer)).toEqual(plain?.data)
    expect(packed?.data.length).toBeLessThan((plain?.data.length ?? 0) / 5)
    expect(await pagesOf(HEAD, { place: rowsOf(10, 'a') }, true)).toEqual(
      await pagesOf(HEAD, { place: rowsOf(10, 'a') }, false),
    )
  })
})
