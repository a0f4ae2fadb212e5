import { z } from 'zod'
import { Id, MessageKey } from '../../../core/declare/values.ts'

/** The value of a field of any row. Some clients refuse a schema that allows everything. */
const Value = z
  .union([
    z.string(),
    z.number(),
    z.boolean(),
    z.array(z.union([z.string(), z.number(), z.record(z.string(), z.unknown())])),
    z.record(z.string(), z.unknown()),
  ])
  .nullable()

/** A field of a row before a change and after it. */
const FieldChange = z.object({
  field: z.string(),
  was: Value.describe('The old value.'),
  is: Value.describe('The new value.'),
})

/** What a change did to one row. */
export const RowLine = z.object({
  entity: z.string().describe('Kind of the row: place, day_note, budget_item.'),
  id: Id,
  title: z.string().nullable().describe('What the row is called: a stop like its place.'),
  action: z.enum(['added', 'changed', 'removed']),
  fields: z.array(FieldChange).describe('What was changed, by field.'),
})

/** What undo did to one row, or why it left it. */
export const UndoneRow = RowLine.omit({ fields: true }).extend({
  fields: z.array(z.string()).describe('Fields concerned; empty for the whole row.'),
})

/** A row that stays as it is. */
export const LeftRow = UndoneRow.extend({ reason: z.string(), reason_message: MessageKey })
