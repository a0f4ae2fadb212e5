import { expect, test } from 'vitest'
import { numberIn, numberText } from './number.ts'

test.each([
  ['en', '1,234.50', 1234.5],
  ['en', '1,234', 1234],
  ['en', '1,234,567', 1_234_567],
  ['en', '1234.50', 1234.5],
  ['en', '1.234', 1.234],
  ['en', '10,5', 10.5],
  ['en', '1.234,50', 1234.5],
  ['en', '-5', -5],
  ['en', '−5', -5],
  ['en', ' .5 ', 0.5],
  ['en', '1e-9', 1e-9],
  ['de', '1.234,50', 1234.5],
  ['de', '1.234', 1234],
  ['de', '1,234', 1.234],
  ['de', '1234.50', 1234.5],
  ['de', '0.125', 0.125],
  ['de', '1,234.50', 1234.5],
  ['fr', '1\u202f234,50', 1234.5],
  ['fr', '1 234,50', 1234.5],
  ['fr', '1.234', 1.234],
  ['de-CH', '1’234.50', 1234.5],
  ['en-IN', '12,34,567.5', 1_234_567.5],
  ['ar-EG', '١٬٢٣٤٫٥', 1234.5],
])('in %s, %s is read as %d', (language, text, value) => {
  expect(numberIn(text, language)).toBe(value)
})

test.each(['ten', '', '1.2.3', '1,23.4.5', '1,234.5,6', '1 2', '5 EUR', '0x10', 'Infinity', '1,234 567'])(
  '%s is no number in any language',
  (text) => {
    for (const language of ['en', 'de', 'fr']) expect(numberIn(text, language)).toBeNaN()
  },
)

test('a number is shown with the sign of the language, and read back as the same number', () => {
  expect(numberText(1234.5, 'en')).toBe('1234.5')
  expect(numberText(1.234, 'de')).toBe('1,234')
  for (const language of ['en', 'de', 'fr', 'de-CH', 'en-IN', 'ar-EG', 'fa', 'pl']) {
    for (const value of [0, -5, 0.125, 1.234, 1234.5, 1e12, 1e-9, 1.5e-7]) {
      expect(numberIn(numberText(value, language), language)).toBe(value)
    }
  }
})
