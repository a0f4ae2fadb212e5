import { expect, test } from 'vitest'
import type { WebSocket } from 'ws'
import { Line } from './line.ts'

/** A socket that keeps what it is given until `leave` is called, and records its calls. */
function start() {
  const handedOver: { data: Buffer; binary: boolean; fin: boolean }[] = []
  const callbacks: (() => void)[] = []
  const socket = {
    send(data: string | Buffer, { binary, fin }: { binary: boolean; fin: boolean }, onLeft: () => void) {
      handedOver.push({ data: Buffer.from(data as Buffer), binary, fin })
      callbacks.push(onLeft)
    },
  } as unknown as WebSocket
  const waiting: number[] = []
  const line: Line = new Line(socket, () => waiting.push(line.waiting))
  return {
    line,
    handedOver,
    waiting,
    leave: () => callbacks.shift()?.(),
    leaveAll() {
      while (callbacks.length) callbacks.shift()?.()
    },
  }
}

const large = Buffer.from('金閣寺 '.repeat(20_000))

test('a large message is sent in pieces, each after most of the one before has left, and arrives whole', () => {
  const { line, handedOver, leave, leaveAll } = start()
  let hasLeft = false
  line.send(large, true, () => {
    hasLeft = true
  })
  line.send('behind')
  expect(handedOver).toHaveLength(1)
  expect(line.waiting).toBe(large.length + 6)
  leave()
  expect(handedOver).toHaveLength(2)
  expect([line.left, line.waiting, hasLeft]).toEqual([32_768, large.length + 6 - 32_768, false])
  leaveAll()
  expect([line.left, line.waiting, hasLeft]).toEqual([large.length + 6, 0, true])
  const pieces = handedOver.slice(0, -1)
  expect(Buffer.concat(pieces.map(({ data }) => data))).toEqual(large)
  expect(pieces.map(({ fin }) => fin)).toEqual(pieces.map((_, at) => at === pieces.length - 1))
  expect(handedOver.at(-1)).toEqual({ data: Buffer.from('behind'), binary: false, fin: true })
})

test('small messages are sent at once, as long as little waits', () => {
  const { line, handedOver, leaveAll } = start()
  for (let at = 0; at < 10; at++) line.send('x'.repeat(5000))
  expect(handedOver).toHaveLength(7)
  leaveAll()
  expect(handedOver).toHaveLength(10)
})

test('a withdrawn message is not sent, and its callback runs; a message that has begun is finished', () => {
  const { line, handedOver, waiting, leaveAll } = start()
  const leftNames: string[] = []
  line.send(large, false, () => leftNames.push('begun'))
  line.send(large, false, () => leftNames.push('waits'))
  line.send('small', false, () => leftNames.push('small'))
  line.clear()
  expect(leftNames).toEqual(['waits', 'small'])
  expect(waiting.at(-1)).toBe(large.length)
  leaveAll()
  expect(leftNames).toEqual(['waits', 'small', 'begun'])
  expect(Buffer.concat(handedOver.map(({ data }) => data))).toEqual(large)
})

test('the last message follows only the one that has begun, and the socket gets it before it is closed', () => {
  const { line, handedOver, leaveAll } = start()
  line.send(large)
  line.send('never')
  let closed = 0
  line.end('bye', () => {
    closed = handedOver.length
  })
  expect(closed).toBe(0)
  leaveAll()
  expect(handedOver.at(-1)?.data.toString()).toBe('bye')
  expect(closed).toBe(handedOver.length)
  const free = start()
  free.line.end('bye', () => {
    closed = -1
  })
  expect(closed).toBe(-1)
})
