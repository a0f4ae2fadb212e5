import i18next from 'i18next'
import { afterAll, expect, test } from 'vitest'
import { textOf } from './message.ts'

// Other suites of this process use the same texts.
afterAll(() => {
  delete i18next.getResourceBundle('en', 'translation').server.test
})

test('texts of users are shown as they are, not used as templates', () => {
  const trip = 'Rome $t(save) {{who}}'
  const message = { key: 'test.soon', params: { trip, who: 'Ana' }, text: `“${trip}” starts soon` }
  expect(textOf(message)).toBe(message.text)
  i18next.addResource('en', 'translation', 'server.test.soon', 'Soon: {{trip}}')
  expect(textOf(message)).toBe(`Soon: ${trip}`)
})

test('a nested message is shown in the same language, and a count selects the plural form', () => {
  i18next.addResource('en', 'translation', 'server.test.inner_one', 'one apple')
  i18next.addResource('en', 'translation', 'server.test.inner_other', '{{count}} apples')
  i18next.addResource('en', 'translation', 'server.test.outer', 'Buy {{what}}')
  const inner = (count: number) => ({ key: 'test.inner', params: { count }, text: 'x' })
  expect(textOf({ key: 'test.outer', params: { what: inner(1) }, text: 'x' })).toBe('Buy one apple')
  expect(textOf({ key: 'test.outer', params: { what: inner(3) }, text: 'x' })).toBe('Buy 3 apples')
})

test('dates and times are shown as in the language of the page', () => {
  i18next.addResource('en', 'translation', 'server.test.early', '{{end}} is earlier than {{start}}')
  const message = { key: 'test.early', params: { end: '2037-05-10T12:00', start: '2037-05-11' }, text: 'x' }
  expect(textOf(message)).toBe('10 May 2037, 12:00 is earlier than 11 May 2037')
})
