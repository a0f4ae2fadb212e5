import { expect, test } from 'vitest'
import { DatabaseUnavailable, type Outage } from './database.ts'
import { troubles } from './troubles.ts'

const WRITES = {
  is: (error: unknown) => error instanceof DatabaseUnavailable,
  fails: 'Changes cannot be saved',
  works: 'Changes can be saved again.',
}

test('the log gets one line a minute for each kind of problem, and one when the problem ends', async () => {
  let now = 0
  const lines: string[] = []
  const writing = troubles(
    WRITES,
    (line) => lines.push(line),
    () => now,
  )
  const fail = (outage: Outage, reason: string) =>
    expect(writing(() => Promise.reject(new DatabaseUnavailable(outage, new Error(reason))))).rejects.toMatchObject({
      outage,
    })
  const FULL = 'Changes cannot be saved: There is no room left for the database (no space).'
  await fail('full', 'no space')
  await fail('full', 'no space')
  expect(lines.splice(0)).toEqual([FULL])
  await fail('disk', 'read only')
  expect(lines.splice(0)).toEqual(['Changes cannot be saved: The disk of the database has an error (read only).'])
  now += 59_000
  await writing(async () => 'what is small has room')
  await fail('full', 'no space')
  expect(lines.splice(0)).toEqual(['Changes can be saved again.', FULL])
  now += 5000
  await writing(async () => 'small')
  now += 54_000
  await fail('full', 'no space')
  expect(lines).toEqual([])
  now += 1000
  await fail('full', 'no space')
  expect(lines.splice(0)).toEqual([FULL])
  now += 10_000
  for (let at = 0; at < 3; at++) await writing(async () => 'anything')
  expect(lines.splice(0)).toEqual(['Changes can be saved again.'])
})

test('a refusal for another reason does not count as a problem of the database', async () => {
  const lines: string[] = []
  const writing = troubles(WRITES, (line) => lines.push(line))
  await expect(writing(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(lines).toEqual([])
})
