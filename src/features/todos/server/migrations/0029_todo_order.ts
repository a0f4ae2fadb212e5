import { giveOrderKeys, loadAnew, type Migration } from '../../../../core/data/migration.ts'

export const todoOrder: Migration = async (db, types) => {
  await giveOrderKeys(db, types, { table: 'todos', list: 'trip_id', by: 'sort_order' })
  await loadAnew(db)
}
