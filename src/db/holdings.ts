import { type Kysely, sql } from 'kysely'
import type { Tables } from '../core/data/tx.ts'

/** Numbers by which people recognise an instance. */
export interface Holdings {
  readonly users: number
  readonly trips: number
  /** The moment of the last change, as ISO 8601 in UTC; null if there is none. */
  readonly changed_at: string | null
}

export async function holdingsIn(kysely: Kysely<Tables>): Promise<Holdings> {
  const { rows } = await sql<Holdings>`
    select (select count(*) from users) as users, (select count(*) from trips) as trips,
      (select max(at) from changes) as changed_at`.execute(kysely)
  const [row] = rows
  return { users: Number(row?.users ?? 0), trips: Number(row?.trips ?? 0), changed_at: row?.changed_at ?? null }
}
