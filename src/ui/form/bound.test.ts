import { expect, test } from 'vitest'
import { z } from 'zod'
import { operation } from '../../core/declare/operation.ts'
import { Line, Prose } from '../../core/declare/values.ts'
import { limitsOf } from './bound.ts'

const declared = { name: 'x', title: 'X', description: 'X', scope: null, output: z.object({}) } as const
const create = operation({
  ...declared,
  effect: 'create',
  route: 'POST /things',
  input: z.object({
    name: Line(50),
    category: Line(30).optional(),
    note: Prose(500).nullable().optional(),
    weight: z.number().max(9).nullable().optional(),
  }),
})
const update = operation({
  ...declared,
  effect: 'update',
  route: 'PATCH /things',
  input: z.object({ name: Line(50).optional(), note: Prose(500).nullable().optional() }),
})

test('a text has the maximum length of its schema, and is required if it can be neither empty nor omitted', () => {
  expect(limitsOf(create, 'name')).toEqual({ maxLength: 50, 'aria-required': true })
  expect(limitsOf(create, 'category')).toEqual({ maxLength: 30 })
  expect(limitsOf(create, 'note')).toEqual({ maxLength: 500 })
})

test('an update requires each text that it cannot clear', () => {
  expect(limitsOf(update, 'name')).toEqual({ maxLength: 50, 'aria-required': true })
  expect(limitsOf(update, 'note')).toEqual({ maxLength: 500 })
})

test('values other than texts, and fields unknown to the operation, have no limits', () => {
  expect(limitsOf(create, 'weight')).toEqual({})
  expect(limitsOf(create, 'colour')).toEqual({})
})
