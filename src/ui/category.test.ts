import type { TFunction } from 'i18next'
import { expect, test } from 'vitest'
import { shownCategory, storedCategory, typedCategory } from './category.ts'

const inGerman = ((key: string) => ({ 'category.general': 'Allgemein' })[key]) as TFunction

test('the default category is read and typed in the language of the app, and stored under one name', () => {
  expect(shownCategory(inGerman, 'General')).toBe('Allgemein')
  expect(shownCategory(inGerman, 'Camp')).toBe('Camp')
  expect(typedCategory('General')).toBe('')
  expect(typedCategory('Camp')).toBe('Camp')
  for (const typed of ['', '  ', 'Allgemein', 'General']) expect(storedCategory(inGerman, typed)).toBe('General')
  expect(storedCategory(inGerman, ' Camp ')).toBe('Camp')
})
