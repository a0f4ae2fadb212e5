import { expect, test } from 'vitest'
import { messageOf } from './message.ts'

const textOf = (text: string, params: Record<string, string>) => messageOf('test.x', { text }, params).text

test('a parameter is inserted as it is, with its spaces and with text that looks like another parameter', () => {
  expect(textOf('Copy of {{title}}', { title: 'A  B {{other}}', other: 'x' })).toBe('Copy of A  B {{other}}')
})

test('an empty parameter leaves no gap', () => {
  expect(textOf('Nothing was changed. {{without}} Ask.', { without: '' })).toBe('Nothing was changed. Ask.')
})

test('a text with a count uses the English plural forms', () => {
  const text = { one: '{{count}} day', other: '{{count}} days' }
  expect([0, 1, 2].map((count) => messageOf('test.x', { text }, { count }).text)).toEqual(['0 days', '1 day', '2 days'])
})
