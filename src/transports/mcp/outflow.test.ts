import { ReadableStream } from 'node:stream/web'
import { expect, test } from 'vitest'
import { Outflows } from './outflow.ts'

const bounds = { stream: 1000, person: 1500, all: 4000 }
const bytes = Buffer.alloc(100)

const settled = () => new Promise((resolve) => setImmediate(resolve))

test('if too much waits for one person, the unread stream with the most is cut off', async () => {
  const outflows = new Outflows(bounds)
  const [one, two, other] = [outflows.to(1), outflows.to(1), outflows.to(2)]
  for (let turn = 0; turn < 9; turn++) for (const stream of [one, other]) stream.write(bytes)
  for (let turn = 0; turn < 6; turn++) two.write(bytes)
  expect([one, two, other].map(({ body }) => body.destroyed)).toEqual([false, false, false])
  two.write(bytes)
  expect([one, two, other].map(({ body }) => body.destroyed)).toEqual([true, false, false])
  await settled()
  for (let turn = 0; turn < 3; turn++) two.write(bytes)
  expect(two.body.destroyed).toBe(false)
})

test('if too much waits for everybody, the stream with the most is cut off', () => {
  const outflows = new Outflows(bounds)
  const streams = [1, 2, 3, 4, 5].map((userId) => outflows.to(userId))
  for (let turn = 0; turn < 9; turn++)
    for (const [at, stream] of streams.entries()) if (at > 0 || turn < 4) stream.write(bytes)
  expect(streams.map(({ body }) => body.destroyed)).toEqual([false, false, false, false, false])
  streams[0]?.write(bytes)
  expect(streams.filter(({ body }) => body.destroyed)).toHaveLength(1)
  expect(streams[0]?.body.destroyed).toBe(false)
})

test('read bytes no longer count', async () => {
  const outflow = new Outflows(bounds).to(1)
  let read = 0
  outflow.body.on('data', ({ length }: Buffer) => {
    read += length
  })
  for (let turn = 0; turn < 100; turn++) {
    outflow.write(bytes)
    await settled()
  }
  expect([read, outflow.body.destroyed]).toEqual([10_000, false])
})

test('a source that ignores backpressure is cut off as well, and cancelled', async () => {
  let count = 0
  let cancelled = false
  let more: () => void = () => {}
  const source = new ReadableStream<Uint8Array>({
    start(controller) {
      more = () => {
        count++
        controller.enqueue(bytes)
      }
    },
    cancel() {
      cancelled = true
    },
  })
  const outflow = new Outflows(bounds).to(1).from(source)
  while (!outflow.body.destroyed && count < 100) {
    more()
    await settled()
  }
  await settled()
  expect([count, cancelled]).toEqual([12, true])
})

test('the end of a source ends the answer', async () => {
  const source = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(bytes)
      controller.close()
    },
  })
  const parts: Buffer[] = []
  for await (const part of new Outflows(bounds).to(1).from(source).body) parts.push(part)
  expect(Buffer.concat(parts)).toEqual(bytes)
})
