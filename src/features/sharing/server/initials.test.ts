import { expect, test } from 'vitest'
import { initialsOf } from './initials.ts'

test.each([
  ['Ana', 'A'],
  ['ana marin', 'AM'],
  ['Ana Maria de la Cruz', 'AC'],
  ['  Øystein  Å ', 'ØÅ'],
  ['山田 太郎', '山太'],
  ['👩‍🚀 Kim', '👩‍🚀K'],
  [' ', ''],
])('of the name %j, strangers see %j', (name, initials) => {
  expect(initialsOf(name)).toBe(initials)
})
