import { expect, test } from 'vitest'
import { inOrder, lengthOf, phaseOf, spotlightOf } from './phase.ts'

const trip = (id: number, start_date: string | null, end_date: string | null) => ({ id, start_date, end_date })
const TODAY = '2027-04-05'

const kyoto = trip(1, '2027-04-03', '2027-04-09')
const lisbon = trip(2, '2027-06-01', '2027-06-05')
const alps = trip(3, '2027-05-01', '2027-05-03')
const someday = trip(4, null, null)
const rome = trip(5, '2026-04-01', '2026-04-05')
const oslo = trip(6, '2026-09-01', '2026-09-05')

test('a trip is current from its first day to its last, inclusive', () => {
  expect(phaseOf(trip(1, TODAY, TODAY), TODAY)).toBe('ongoing')
  expect([kyoto, lisbon, someday, rome].map((one) => phaseOf(one, TODAY))).toEqual([
    'ongoing',
    'upcoming',
    'idea',
    'past',
  ])
  expect(lengthOf(kyoto)).toBe(7)
  expect(lengthOf(someday)).toBeNull()
})

test('upcoming trips come first, and past trips are in reverse order', () => {
  expect(inOrder([rome, someday, lisbon, oslo, alps, kyoto], TODAY).map(({ id }) => id)).toEqual([1, 3, 2, 4, 6, 5])
})

test('the spotlight is on the current trip, else on the next, never on a past one', () => {
  expect(spotlightOf([lisbon, kyoto], TODAY)).toBe(kyoto)
  expect(spotlightOf([lisbon, alps], TODAY)).toBe(alps)
  expect(spotlightOf([rome, someday], TODAY)).toBeUndefined()
})
