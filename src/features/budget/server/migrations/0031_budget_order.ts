import { giveOrderKeys, loadAnew, type Migration } from '../../../../core/data/migration.ts'

export const budgetOrder: Migration = async (db, types) => {
  await giveOrderKeys(db, types, { table: 'budget_items', list: 'trip_id', by: 'sort_order' })
  await loadAnew(db)
}
