import type { ReadTx, Tx } from '../../../core/data/tx.ts'
import type { Row, Values } from '../../../core/declare/entity.ts'
import { Day } from '../contract/index.ts'
import { messages } from '../contract/messages.ts'

export type DayRow = Row<typeof Day>

/** The days of a trip in order. */
export const listDays = (tx: ReadTx, tripId: number): Promise<DayRow[]> =>
  tx.list(Day, { trip_id: tripId }, ['day_number'])

/** A day of this trip, or `not_found`. */
export async function getDay(tx: ReadTx, tripId: number, dayId: number): Promise<DayRow> {
  const day = await tx.find(Day, { id: dayId, trip_id: tripId })
  if (!day) throw messages.dayNotFound({ id: dayId })
  return day
}

export const insertDay = (tx: Tx, values: Values<typeof Day>): Promise<DayRow> => tx.insert(Day, values)

export const patchDay = (tx: Tx, day: DayRow, patch: Values<typeof Day>): Promise<DayRow> => tx.patch(Day, day, patch)

export const removeDay = (tx: Tx, day: DayRow): Promise<void> => tx.remove(Day, day)
