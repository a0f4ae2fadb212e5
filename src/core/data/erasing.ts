import type { SpaceRef } from './space.ts'

/** A row before a change and after it, in wire form. */
export interface Images {
  readonly before: Record<string, unknown> | null
  readonly after: Record<string, unknown> | null
}

/** A row, in whichever table it is or was. */
export interface RowRef {
  readonly entity: string
  readonly row_id: number
}

/** A change in the log, with its position there. */
export interface LoggedChange extends RowRef, Images {
  readonly space: string
  readonly space_id: number
  readonly seq: number
}

/** Decides how the log keeps a change: with its rows as they were, or without them. */
export type Kept = (change: Images) => Images

/** Removes content from the change log and from remembered answers. Who did what and when stays. */
export interface Erasing {
  /** Removes the rows from all changes of a space. */
  space(space: SpaceRef): Promise<void>
  /** Removes the content of these rows from all their changes, in every space that logs them. */
  rows(rows: readonly RowRef[]): Promise<void>
  /**
   * Removes the remembered answers of calls in these spaces, by these people, or that wrote to these spaces, except
   * those of one commit.
   */
  answers(of: { spaces: readonly SpaceRef[]; people: readonly number[]; but: string }): Promise<void>
  /**
   * The rows that were removed together with the row of a space, in all spaces, by the commits that removed it before.
   * `entity` names the row of the space.
   */
  removedWith(space: SpaceRef, entity: string): Promise<LoggedChange[]>
  /** The last versions of removed rows of these entities that this person created. */
  removedOf(userId: number, entities: readonly string[]): Promise<LoggedChange[]>
  /** The logged changes of these rows of one entity that still have their content. */
  historyOf(entity: string, ids: readonly number[]): Promise<LoggedChange[]>
  /** Replaces the content of a logged change. */
  rewrite(change: LoggedChange, images: Images): Promise<void>
}

/** Whether the log keeps only the fact that a change was made. */
export const isErased = ({ before, after }: Record<keyof Images, unknown>): boolean => before === null && after === null
