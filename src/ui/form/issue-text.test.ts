import { expect, test } from 'vitest'
import { z } from 'zod'
import { Amount, Line } from '../../core/declare/values.ts'
import { issueText } from './issue-text.ts'

const EMPTY = 'must not be empty'

test.each<[z.ZodType, unknown, string]>([
  [Line(50), '', EMPTY],
  [Line(50), undefined, EMPTY],
  [Amount, null, EMPTY],
  [Amount, Number.NaN, 'This is not a number'],
  [Amount, -5, 'must be at least 0, not -5'],
  [z.int(), 1.5, 'must be a whole number, not 1.5'],
])('a form refuses a wrong value in words for people', (schema, value, expectedText) => {
  const { error } = schema.safeParse(value, { reportInput: true })
  expect(error?.issues.map(issueText)).toEqual([expectedText])
})
