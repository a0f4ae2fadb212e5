import { expect, test } from 'vitest'
import type { Booking } from '../../../reservations/contract/index.ts'
import { arc, waysOf } from './ways.ts'

const KIX = { code: 'KIX', name: 'Kansai', lat: 34.43, lng: 135.24 }
const HNL = { code: 'HNL', name: 'Honolulu', lat: 21.32, lng: -157.92 }

const booking = (values: object) =>
  ({ id: 1, type: 'flight', status: 'confirmed', endpoints: [KIX, HNL], ...values }) as Booking

test('a flight follows a great circle and does not jump at the date line', () => {
  const [way] = waysOf([booking({})], new Set([1]))
  const longitudes = way?.line.map(([lng]) => lng) ?? []
  expect(longitudes.every((lng, index) => index === 0 || Math.abs(lng - (longitudes[index - 1] as number)) < 10)).toBe(
    true,
  )
  expect(longitudes.at(-1)).toBeCloseTo(360 - 157.92, 1)
  expect(Math.max(...(way?.line.map(([, lat]) => lat) ?? []))).toBeGreaterThan(34.43 - 0.01)
  expect(way).toMatchObject({ sure: true, near: true, ends: [{ name: 'KIX' }, { name: 'HNL' }] })
})

test('routes over land are straight lines; cancelled bookings and those without endpoints are not drawn', () => {
  expect(waysOf([booking({ type: 'train', status: 'pending' })], new Set())).toMatchObject([
    {
      line: [
        [135.24, 34.43],
        [expect.closeTo(202.08, 1), 21.32],
      ],
      sure: false,
      near: false,
    },
  ])
  const named = { code: null, name: 'Lisboa Oriente', lat: null, lng: null }
  const unknown = [
    [named, KIX],
    [named, named],
    [KIX, named, HNL],
  ].map((endpoints) => booking({ endpoints }))
  expect(waysOf([booking({ status: 'cancelled' }), booking({ endpoints: [KIX] }), ...unknown], new Set())).toEqual([])
})

test('two equal points have no route', () => {
  expect(arc([1, 2], [1, 2])).toEqual([
    [1, 2],
    [1, 2],
  ])
})
