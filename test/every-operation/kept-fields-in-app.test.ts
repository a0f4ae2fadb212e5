import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, test } from 'vitest'
import { givenIn } from '../../src/core/declare/copying.ts'
import type { AnyEntity } from '../../src/core/declare/entity.ts'
import type { AnyOperation } from '../../src/core/declare/operation.ts'
import { Assignment, assign_place_to_day, visitFields } from '../../src/features/assignments/contract/index.ts'
import { expenseAgain, settlementAgain } from '../../src/features/budget/contract/again.ts'
import {
  BudgetItem,
  type BudgetItemRow,
  create_budget_item,
  create_settlement,
  Settlement,
  type SettlementRow,
} from '../../src/features/budget/contract/index.ts'
import { CollabNote, create_collab_note } from '../../src/features/collab/contract/index.ts'
import { create_day_note, DayNote } from '../../src/features/day-notes/contract/index.ts'
import { writtenItem } from '../../src/features/packing/contract/checklist.ts'
import { oneToo } from '../../src/features/packing/contract/copies.ts'
import {
  create_packing_bag,
  create_packing_item,
  PackingBag,
  PackingItem,
  type PackingItemRow,
} from '../../src/features/packing/contract/index.ts'
import { create_place, Place } from '../../src/features/places/contract/index.ts'
import { bookingAgain } from '../../src/features/reservations/contract/again.ts'
import { type Booking, Reservation } from '../../src/features/reservations/contract/index.ts'
import { create_todo, Todo } from '../../src/features/todos/contract/index.ts'
import { fullValues, givenFields } from '../fixtures/full-rows.ts'
import { LEFT_IN_APP } from './left-fields.ts'

/** Whatever the app makes from a row keeps every field that a person gives, or left-fields.ts has the reason why not. */

const ID = 5
const ONE_TRIP = { id: ID, trip_id: ID, created_at: '2027-01-01T00:00:00.000Z' }

/** A row with a value for every field, including those that only the server writes. */
const fullRow = <R>(entity: AnyEntity, more: object = {}): R =>
  ({ ...fullValues(entity, () => ID), ...ONE_TRIP, ...more }) as unknown as R

interface Made {
  readonly entity: AnyEntity
  readonly operation: AnyOperation
  readonly row: Record<string, unknown>
  readonly input: object
}

const rated = { currency: 'JPY', exchange_rate: 160, rate_base: 'EUR', rate_date: null, rate_source: null }
const person = { user_id: ID, amount: null, weight: null, paid: false }

function expense(more: Partial<BudgetItemRow>): Made {
  const row = fullRow<BudgetItemRow>(BudgetItem, { ...rated, payers: [], members: [person], ...more })
  return { entity: BudgetItem, operation: create_budget_item, row, input: expenseAgain(row) }
}

function booking(type: Booking['type'], more: Partial<Booking> = {}): Made {
  const days = { day_id: ID, end_day_id: ID + 1, place_id: ID, assignment_id: null, accommodation_id: null }
  const times = { check_in: null, check_in_end: null, check_out: null }
  const row = fullRow<Booking>(Reservation, { type, ...days, ...times, day_keys: {}, ...more })
  return { entity: Reservation, row, ...bookingAgain(row) }
}

function createdAgain(entity: AnyEntity, operation: AnyOperation, names: object = {}): Made {
  const row = fullRow<Record<string, unknown>>(entity)
  return { entity, operation, row, input: { tripId: ID, ...names, ...givenIn(entity, row) } }
}

const item = fullRow<PackingItemRow>(PackingItem)
const payment = fullRow<SettlementRow>(Settlement, rated)
const stop = fullRow<Record<string, unknown>>(Assignment)
const onDay = { tripId: ID, dayId: ID, placeId: ID }

const MADE: Readonly<Record<string, Made>> = {
  'bring one too': { entity: PackingItem, operation: create_packing_item, row: item, input: oneToo(item) },
  'undo of a packing item': createdAgain(PackingItem, create_packing_item),
  'undo of a bag': createdAgain(PackingBag, create_packing_bag),
  'undo of a to-do': createdAgain(Todo, create_todo),
  'undo of a place': createdAgain(Place, create_place),
  'undo of a note': createdAgain(CollabNote, create_collab_note),
  'undo of a day note': createdAgain(DayNote, create_day_note, { dayId: ID }),
  'undo of a stop': {
    entity: Assignment,
    operation: assign_place_to_day,
    row: stop,
    input: { ...onDay, ...visitFields.of(stop) },
  },
  'undo of an expense': expense({}),
  'undo of an expense by weight': expense({ members: [{ ...person, weight: 2 }] }),
  'undo of a payment': {
    entity: Settlement,
    operation: create_settlement,
    row: payment,
    input: settlementAgain(payment),
  },
  'undo of a transport': booking('train'),
  'undo of a booking': booking('restaurant', { assignment_id: ID }),
  'undo of a hotel': booking('hotel', { accommodation_id: ID, check_in: '15:00', check_out: '10:00' }),
}

describe('every field that a person gives for a row is in', () => {
  test.each(Object.entries(MADE))('%s', (name, { entity, operation, row, input }) => {
    const accepted = operation.input.strict().parse(input)
    const lostFields = givenFields(entity).filter((field) => !isDeepStrictEqual(accepted[field], row[field]))
    expect(lostFields.sort()).toEqual(Object.keys(LEFT_IN_APP[name] ?? {}).sort())
  })

  test('a list in Markdown', () => {
    const lostFields = givenFields(PackingItem).filter((field) => !(field in writtenItem.values.shape))
    expect(lostFields.sort()).toEqual(Object.keys(LEFT_IN_APP['list in Markdown'] ?? {}).sort())
  })
})

test('an expense and a booking are restored with the values that the server computed from other inputs', () => {
  expect(MADE['undo of an expense']?.input).toMatchObject({ currency: 'JPY', exchange_rate: 160, member_ids: [ID] })
  expect(MADE['undo of an expense by weight']?.input).toMatchObject({ shares: [{ user_id: ID, weight: 2 }] })
  expect(MADE['undo of a payment']?.input).toMatchObject({ currency: 'JPY', exchange_rate: 160 })
  expect(MADE['undo of a transport']?.input).toMatchObject({ type: 'train', start_day_id: ID, end_day_id: ID + 1 })
  expect(MADE['undo of a booking']?.input).toMatchObject({ day_id: ID, place_id: ID, assignment_id: ID })
  expect(MADE['undo of a hotel']?.input).toMatchObject({ start_day_id: ID, place_id: ID, check_in: '15:00' })
})

test('code that deletes a row and creates it again does not list its fields by hand', () => {
  const root = join(import.meta.dirname, '../..')
  const byHand = globSync('src/**/web/**/*.{ts,tsx}', { cwd: root, exclude: ['src/**/*.test.*'] }).filter((file) => {
    const text = readFileSync(join(root, file), 'utf8')
    const deleted = [...text.matchAll(/act\(\s*(?:delete|unassign)_(\w+)/g)].map(
      ([, entityName]) => entityName as string,
    )
    const isCreated = deleted.some((entityName) =>
      new RegExp(`act\\(\\s*(?:create|assign)_${entityName}\\b`).test(text),
    )
    return isCreated && !/\b(givenIn|\w+Fields\.of|\w+Again)\(/.test(text)
  })
  expect(byHand).toEqual([])
})
