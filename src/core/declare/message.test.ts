import { expect, test } from 'vitest'
import { messageOf } from './message.ts'

const textOf = (text: string, params: Record<string, string>) => messageOf('test.x', { text }, params).text

test('a parameter is shown as it is: its spaces, and what looks like another parameter', () => {
  expect(textOf('Copy of {{title}}', { title: 'A  B {{other}}', other: 'x' })).toBe('Copy of A  B {{other}}')
})

test('an empty parameter leaves no gap', () => {
  expect(textOf('Nothing was changed. {{without}} Ask.', { without: '' })).toBe('Nothing was changed. Ask.')
})

test('a text with a count has the form of English', () => {
  const text = { one: '{{count}} day', other: '{{count}} days' }
  expect([0, 1, 2].map((count) => messageOf('test.x', { text }, { count }).text)).toEqual(['0 days', '1 day', '2 days'])
})
