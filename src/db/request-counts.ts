import { type Kysely, sql } from 'kysely'
import { type RequestCounts, WINDOW_MS } from '../core/data/request-counts.ts'
import type { Tables } from '../core/data/tx.ts'
import type { Dialect } from './dialect.ts'

declare module '../core/data/tx.ts' {
  interface Tables {
    request_counts: { who: string; begun: number; count: number }
  }
}

/** Uses the clock of the database: those of the processes may differ. A clock that was set back ends a window too. */
export const requestCountsIn = (db: Kysely<Tables>, { now, rowsPerInsert }: Dialect): RequestCounts => {
  const isOver = sql<boolean>`(request_counts.begun > ${now} or ${now} - request_counts.begun >= ${sql.lit(WINDOW_MS)})`
  return {
    async add(counts) {
      // In a fixed order, to avoid deadlocks between processes.
      const all = [...counts].sort(([one], [other]) => (one < other ? -1 : 1))
      const totals = new Map<string, { count: number; age: number }>()
      for (let start = 0; start < all.length; start += rowsPerInsert) {
        const rows = all.slice(start, start + rowsPerInsert).map(([who, count]) => sql`(${who}, ${now}, ${count})`)
        const added = await sql<{ who: string; count: number; age: number }>`
          insert into request_counts (who, begun, count) values ${sql.join(rows)}
          on conflict (who) do update set
            begun = case when ${isOver} then excluded.begun else request_counts.begun end,
            count = case when ${isOver} then excluded.count else request_counts.count + excluded.count end
          returning who, count, ${now} - begun as age`.execute(db)
        for (const { who, ...total } of added.rows) totals.set(who, total)
      }
      return totals
    },
    async sweep(which) {
      const rows = db.deleteFrom('request_counts')
      await (which === 'all' ? rows : rows.where(isOver)).execute()
    },
  }
}
