import { expect, test } from 'vitest'
import { type Reader, Unread } from './unread.ts'

const bounds = { person: 100, all: 250 }

function start() {
  const unread = new Unread(bounds)
  const dropped: string[] = []
  const reader = (name: string, userId: number): Reader => ({ userId, drop: () => void dropped.push(name) })
  return { unread, dropped, reader }
}

test('if too much waits for one person, the client with the most is ended', () => {
  const { unread, dropped, reader } = start()
  const [phone, laptop, other] = [reader('phone', 1), reader('laptop', 1), reader('other', 2)]
  unread.wait(other, 90)
  unread.wait(phone, 60)
  unread.wait(laptop, 40)
  expect(dropped).toEqual([])
  unread.wait(laptop, 41)
  expect(dropped).toEqual(['phone'])
  expect(unread.all).toBe(90 + 41)
})

test('sent bytes no longer count', () => {
  const { unread, dropped, reader } = start()
  const phone = reader('phone', 1)
  for (let turn = 0; turn < 10; turn++) {
    unread.wait(phone, 90)
    unread.wait(phone, 0)
  }
  expect([unread.all, dropped]).toEqual([0, []])
})

test('when too much waits in the process, the client with the most unread bytes is disconnected, with what is kept for it', () => {
  const { unread, dropped, reader } = start()
  const readers = [1, 2, 3].map((userId) => reader(`of ${userId}`, userId))
  const [one, two, three] = readers as [Reader, Reader, Reader]
  unread.wait(one, 90)
  unread.keep(two, 120)
  unread.wait(three, 30)
  expect(dropped).toEqual([])
  unread.wait(three, 60)
  expect(dropped).toEqual(['of 2'])
  expect([unread.all, unread.keptFor(2)]).toEqual([150, 0])
})

test('data kept for a person does not end a client of theirs', () => {
  const { unread, dropped, reader } = start()
  const phone = reader('phone', 1)
  unread.keep(phone, 200)
  unread.wait(phone, 40)
  expect([dropped, unread.keptFor(1)]).toEqual([[], 200])
  unread.forget(phone)
  expect([unread.all, unread.keptFor(1)]).toEqual([0, 0])
})
