import type { Kysely } from 'kysely'
import type { Tables } from '../../core/data/tx.ts'
import type { Present } from './contract.ts'

interface PresenceColumns {
  process: string
  /** The topic of the space. */
  topic: string
  /** Identifies a person, way and client. */
  who: string
  way: Present['way']
  /** The shown form, as JSON. */
  person: string
  since: number
}

declare module '../../core/data/tx.ts' {
  interface Tables {
    presence: PresenceColumns
  }
}

type Db = Kysely<Tables>

export type PresenceRow = PresenceColumns

const ROWS_AT_ONCE = 200

/** A change to the rows of one process. */
export interface PresenceChange {
  readonly process: string
  readonly written: readonly PresenceRow[]
  readonly removed: readonly Pick<PresenceRow, 'topic' | 'who'>[]
  /** Topics whose assistants are removed, of every process. */
  readonly dismissed: readonly string[]
}

export const writePresence = (db: Db, { process, written, removed, dismissed }: PresenceChange): Promise<void> =>
  db.transaction().execute(async (tx) => {
    if (dismissed.length) {
      await tx.deleteFrom('presence').where('topic', 'in', dismissed).where('way', '=', 'mcp').execute()
    }
    for (const some of inParts(removed)) {
      await tx
        .deleteFrom('presence')
        .where('process', '=', process)
        .where(({ eb, or, and }) =>
          or(some.map(({ topic, who }) => and([eb('topic', '=', topic), eb('who', '=', who)]))),
        )
        .execute()
    }
    for (const some of inParts(written)) {
      await tx
        .insertInto('presence')
        .values(some)
        .onConflict((conflict) =>
          conflict.columns(['process', 'topic', 'who']).doUpdateSet(({ ref }) => ({
            person: ref('excluded.person'),
            since: ref('excluded.since'),
          })),
        )
        .execute()
    }
  })

/** The rows of these processes, of some topics or of all. */
export const listPresence = (
  db: Db,
  processes: readonly string[],
  topics: readonly string[] | null,
): Promise<PresenceRow[]> => {
  const rows = db.selectFrom('presence').selectAll().where('process', 'in', processes)
  return (topics ? rows.where('topic', 'in', topics) : rows).execute()
}

export async function removePresenceOf(db: Db, process: string): Promise<void> {
  await db.deleteFrom('presence').where('process', '=', process).execute()
}

/** Removes the rows of processes that are gone. */
export async function removeLostPresence(db: Db): Promise<void> {
  await db
    .deleteFrom('presence')
    .where('process', 'not in', ({ selectFrom }) => selectFrom('processes').select('id'))
    .execute()
}

function* inParts<T>(rows: readonly T[]): Generator<T[]> {
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) yield rows.slice(start, start + ROWS_AT_ONCE)
}
