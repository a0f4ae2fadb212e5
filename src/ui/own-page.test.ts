import { expect, test } from 'vitest'
import { isOwnPage } from './own-page.ts'

test.each([
  '/',
  '/trips/5?part=costs',
  '/settings?tab=security#tokens',
  '/oauth/consent/Ab1_-x',
  '/login?to=//evil.example',
])('%s is one of our own pages', (to) => expect(isOwnPage(to)).toBe(true))

test.each([
  'https://evil.example/',
  '//evil.example',
  '/\\evil.example',
  '\\/evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  ' //evil.example',
  'javascript:alert(1)',
  'trips',
  '',
  5,
  ['/trips'],
  undefined,
])('%j is not one of our own pages', (to) => expect(isOwnPage(to)).toBe(false))
