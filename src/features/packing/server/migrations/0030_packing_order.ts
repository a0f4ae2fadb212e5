import { giveOrderKeys, loadAnew, type Migration } from '../../../../core/data/migration.ts'

export const packingOrder: Migration = async (db, types) => {
  await giveOrderKeys(db, types, { table: 'packing_items', list: 'trip_id', by: 'sort_order' })
  await giveOrderKeys(db, types, { table: 'packing_bags', list: 'trip_id', by: 'sort_order' })
  await loadAnew(db)
}
