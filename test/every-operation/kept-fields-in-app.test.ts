import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { expect, test } from 'vitest'
import { writtenItem } from '../../src/features/packing/contract/checklist.ts'
import { oneToo } from '../../src/features/packing/contract/copies.ts'
import { create_packing_item, PackingItem, type PackingItemRow } from '../../src/features/packing/contract/index.ts'
import { fullValues, givenFields } from '../fixtures/full-rows.ts'
import { LEFT_IN_APP } from './left-fields.ts'

/** Whatever the app makes from a row keeps every field that a person gives, or left-fields.ts has the reason why not. */

const ID = 5

const reasonsFor = (name: string) => Object.keys(LEFT_IN_APP[name] ?? {}).sort()

test('"bring one too" copies every field of a packing item', () => {
  const fixed = { id: ID, trip_id: ID, created_at: '2027-01-01T00:00:00.000Z' }
  const item = { ...fullValues(PackingItem, () => ID), ...fixed } as unknown as PackingItemRow
  const accepted: Record<string, unknown> = create_packing_item.input.strict().parse(oneToo(item))
  const row: Record<string, unknown> = { ...item }
  const lost = givenFields(PackingItem).filter((field) => !isDeepStrictEqual(accepted[field], row[field]))
  expect(lost.sort()).toEqual(reasonsFor('bring one too'))
})

test('a list in Markdown holds every field of a packing item', () => {
  const lost = givenFields(PackingItem).filter((field) => !(field in writtenItem.values.shape))
  expect(lost.sort()).toEqual(reasonsFor('list in Markdown'))
})

/** Pages that offer to undo a setting of the instance, which the change log does not. */
const SETTINGS = ['addons', 'permissions', 'users'].map((name) => `src/features/admin/web/${name}.tsx`)

/** It calls restore_trip, since a deleted trip has no members who could undo. */
const DELETED_TRIP = 'src/features/trips/web/delete-trip-dialog.tsx'

test('every "Undo" in the app undoes from the change log, except those of settings', () => {
  const root = join(import.meta.dirname, '../..')
  const offering = globSync('src/**/*.{ts,tsx}', { cwd: root }).filter((file) =>
    /\bt\('undo'\)/.test(readFileSync(join(root, file), 'utf8')),
  )
  expect(offering.sort()).toEqual([...SETTINGS, DELETED_TRIP, 'src/features/history/web/undo.ts'].sort())
})
