import { loadAnew, type Migration } from '../../../../core/data/migration.ts'

/** A trip lasts from its first dated day to its last, also where one of these was deleted while its dates stayed. */
export const tripEnds: Migration = async (db) => {
  const dated = await db
    .selectFrom('days')
    .innerJoin('trips', 'trips.id', 'days.trip_id')
    .where('days.date', 'is not', null)
    .groupBy(['trips.id', 'trips.start_date', 'trips.end_date'])
    .select(['trips.id', 'trips.start_date', 'trips.end_date'])
    .select(({ fn }) => [fn.min('days.date').as('first'), fn.max('days.date').as('last')])
    .execute()
  const wrong = dated.filter(({ start_date, end_date, first, last }) => start_date !== first || end_date !== last)
  for (const { id, first, last } of wrong) {
    await db.updateTable('trips').set({ start_date: first, end_date: last }).where('id', '=', id).execute()
  }
  if (wrong.length) await loadAnew(db)
}
