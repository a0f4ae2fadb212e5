import { expect, test } from 'vitest'
import { z } from 'zod'
import { operation } from '../../core/declare/operation.ts'
import { inputToSend } from './overlap.ts'

const update = operation({
  name: 'x',
  title: 'X',
  description: 'X',
  scope: null,
  effect: 'update',
  route: 'PATCH /things/:thingId',
  input: z.object({ thingId: z.int(), name: z.string().optional(), weight: z.number().nullable().optional() }),
  output: z.object({}),
})

test('an update sends only the changed and the required fields', () => {
  const first = { thingId: 1, name: 'Lantern', weight: null }
  expect(inputToSend(update, { ...first, name: 'Torch' }, first, [], null)).toEqual({ thingId: 1, name: 'Torch' })
})

test('a text that is not a number is sent, so that it is refused, even if the field was empty', () => {
  const first = { thingId: 1, name: 'Lantern', weight: null }
  expect(inputToSend(update, { ...first, weight: Number.NaN }, first, [], null)).toEqual({
    thingId: 1,
    weight: Number.NaN,
  })
})
