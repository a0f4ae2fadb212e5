import type { Generated } from 'kysely'
import type { Author, RowChange } from '../core/data/database.ts'

declare module '../core/data/tx.ts' {
  interface Tables {
    spaces: {
      space: string
      id: number
      seq: number
      /** The last change whose content is erased because of its age; none of those before it has any. */
      erased_to: Generated<number>
    }
    changes: ChangeRow
  }
}

/** A stored change in the log of a space. */
export interface ChangeRow {
  space: string
  space_id: number
  seq: number
  /** The number of the last change of the same commit in this space: changes of one commit are published together. */
  commit_seq: number
  commit_id: string
  nth: number
  home_space: string
  home_id: number
  client_instance: string | null
  entity: string
  row_id: number
  action: 'insert' | 'patch' | 'remove'
  before: string | null
  after: string | null
  user_id: number
  way: Author['way']
  client: string | null
  grant_id: string | null
  operation: string
  at: string
  /** The number of the last migration that the writing program knew; 0 for changes from before it was logged. */
  schema: number
}

/** The change in a stored row. */
export const changeIn = ({ nth, entity, row_id, action, before, after }: ChangeRow): RowChange => ({
  nth,
  entity,
  row_id,
  action,
  before: before && JSON.parse(before),
  after: after && JSON.parse(after),
})
