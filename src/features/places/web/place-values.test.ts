import { expect, test } from 'vitest'
import { matches } from './matches.ts'
import { pairOf, placeInput, placeValues } from './place-values.ts'

test('coordinates are accepted in the formats of map sites', () => {
  expect(pairOf('35.0394, 135.7292')).toEqual({ lat: '35.0394', lng: '135.7292' })
  expect(pairOf('(-33.86 151.21)')).toEqual({ lat: '-33.86', lng: '151.21' })
  expect(pairOf('35.0394')).toBeNull()
  expect(pairOf('Kyoto')).toBeNull()
})

test('0 stays 0, nothing becomes null, and a price without an amount has no currency', () => {
  const values = { ...placeValues({ lat: 0, lng: 0, price: 0 }, 'JPY'), name: 'Null Island' }
  expect(placeInput(values)).toMatchObject({ lat: 0, lng: 0, price: 0, currency: 'JPY', notes: null })
  expect(placeInput({ ...values, price: ' ' })).toMatchObject({ price: null, currency: null })
  expect(placeInput({ ...values, lat: 'north' }).lat).toBeNaN()
})

test('a search finds every word, with or without accents', () => {
  const place = { name: 'Café Ōmuro', address: 'Kyoto', description: null, notes: 'closed on Mondays' }
  expect(matches(place, 'cafe monday')).toBe(true)
  expect(matches(place, 'omuro')).toBe(true)
  expect(matches(place, 'cafe tokyo')).toBe(false)
  expect(matches(place, '  ')).toBe(true)
})
