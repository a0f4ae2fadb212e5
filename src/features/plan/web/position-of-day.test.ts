import { expect, it } from 'vitest'
import { positionOfDay } from './position-of-day.ts'

const nowhere = { lat: null, lng: null }
const kyoto = { lat: 35.0116, lng: 135.7681 }
const oslo = { lat: 59.9139, lng: 10.7522 }
const day = (id: number, ...places: { lat: number | null; lng: number | null }[]) => ({
  day: { id },
  stops: places.map((place) => ({ place })),
})

it('is the position of the day, else of the nearest day, else of any place of the trip', () => {
  const plan = [day(1, oslo), day(2, nowhere), day(3), day(4, nowhere, kyoto)]
  expect(positionOfDay(plan, [], 4)).toEqual({ lat: 35, lng: 135.8 })
  expect(positionOfDay(plan, [], 3)).toEqual({ lat: 35, lng: 135.8 })
  expect(positionOfDay(plan, [], 2)).toEqual({ lat: 59.9, lng: 10.8 })
  expect(positionOfDay([day(1)], [nowhere, oslo], 1)).toEqual({ lat: 59.9, lng: 10.8 })
  expect(positionOfDay([day(1)], [nowhere], 1)).toBeNull()
})
