import { expect, test, vi } from 'vitest'
import { isUuid, newUuid } from './uuid.ts'

test('a new UUID is of version 7, begins with its time and is unique', () => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2027-04-05T06:07:08.009Z') })
  const uuids = Array.from({ length: 1000 }, newUuid)
  vi.useRealTimers()
  for (const uuid of uuids)
    expect(uuid).toMatch(/^01[0-9a-f]{6}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(new Set(uuids.map((uuid) => uuid.slice(0, 13)))).toEqual(new Set([uuids[0]?.slice(0, 13)]))
  expect(Number.parseInt((uuids[0] as string).replace('-', '').slice(0, 12), 16)).toBe(Date.UTC(2027, 3, 5, 6, 7, 8, 9))
  expect(new Set(uuids).size).toBe(1000)
  expect(uuids.every(isUuid)).toBe(true)
})

test.each(['', 'again', '01890A5D-AC96-774B-BCCE-B302099A8057', '01890a5d-ac96-074b-bcce-b302099a8057'])(
  '%j is no UUID',
  (text) => {
    expect(isUuid(text)).toBe(false)
  },
)
