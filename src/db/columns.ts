import type { ColumnDefinitionBuilder } from 'kysely'

/** A column that must be filled. */
export const filled = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.notNull()

/** A column that points at a row of another table, which cannot be removed as long as this row is there. */
export const pointsAt =
  (table: string) =>
  (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder =>
    column.references(`${table}.id`).onDelete('restrict')

/** The same, and it must be filled. */
export const belongsTo =
  (table: string) =>
  (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder =>
    pointsAt(table)(column).notNull()
