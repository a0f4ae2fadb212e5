import { expect, test } from 'vitest'
import { readList, writeList, writtenItem } from './checklist.ts'

test('a list is parsed in the ways people write it', () => {
  const text = `
# Clothing
3x Socks
- Shirts × 2
* 10 X Underwear

Documents:
Passport
- [x] Insurance card
- [ ] Tickets
• 2 chargers x2
`
  expect(readList(text)).toEqual([
    { name: 'Socks', quantity: 3, category: 'Clothing' },
    { name: 'Shirts', quantity: 2, category: 'Clothing' },
    { name: 'Underwear', quantity: 10, category: 'Clothing' },
    { name: 'Passport', category: 'Documents' },
    { name: 'Insurance card', category: 'Documents', checked: true },
    { name: 'Tickets', category: 'Documents' },
    { name: '2 chargers', quantity: 2, category: 'Documents' },
  ])
})

test('a number that is part of a name stays in the name', () => {
  expect(readList('AAA batteries\n35 mm film\nXbox\nMX 5 keys')).toEqual([
    { name: 'AAA batteries' },
    { name: '35 mm film' },
    { name: 'Xbox' },
    { name: 'MX 5 keys' },
  ])
})

test('an empty text has no items', () => {
  expect(readList(' \n\n# Only a heading\n- \n')).toEqual([])
})

test('an item written to a list is parsed back unchanged', () => {
  const items = [
    { name: 'Tent', category: 'Sleep', quantity: 2, checked: true },
    { name: 'Mat', category: 'Sleep', quantity: 3, checked: true },
    { name: 'Stove', category: 'Kitchen', quantity: 4, checked: true },
  ]
  expect(readList(writeList(items))).toEqual(items)
  // A new field must be both written and parsed, or be left out on purpose.
  expect(Object.keys(writtenItem.values.shape).sort()).toEqual(Object.keys(items[0] ?? {}).sort())
})
