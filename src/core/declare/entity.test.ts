import { expect, test } from 'vitest'
import { z } from 'zod'
import { decode, encode } from '../data/storage.ts'
import { entity, optional, required, secret, stored } from './entity.ts'
import { Id, Line } from './values.ts'

const Safe = entity({
  name: 'safe',
  table: 'safes',
  space: 'user',
  spaceKey: 'id',
  fields: { id: stored(Id), label: required(Line(20)), note: optional(Line(20)), code: secret(z.string()) },
})

test('a secret is written and never read back', () => {
  const values = { label: 'Hall', note: null, code: '1234' }
  expect(encode(Safe, values, values)).toEqual(values)
  expect(decode(Safe, { id: 1, ...values })).toEqual({ id: 1, label: 'Hall', note: null })
  for (const schema of [Safe.row, Safe.create, Safe.patch]) expect(Object.keys(schema.shape)).not.toContain('code')
})
