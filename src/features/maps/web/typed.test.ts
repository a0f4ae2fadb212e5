import { expect, it } from 'vitest'
import { isLink } from './typed.ts'

it('distinguishes links and positions from names', () => {
  for (const link of [
    'https://maps.app.goo.gl/abc',
    'maps.app.goo.gl/abc',
    'geo:35.03,135.72',
    '35.0394, 135.7292',
    '(-33.86, 151.20)',
    '8FVC9G8F+6X',
  ]) {
    expect(isLink(link), link).toBe(true)
  }
  for (const name of ['', 'Kyoto', '7 Eleven', '221b, Baker Street', 'https://', 'Route 66, 12']) {
    expect(isLink(name), name).toBe(false)
  }
})
