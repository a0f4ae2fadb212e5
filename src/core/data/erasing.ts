import type { SpaceRef } from './space.ts'

/** A row before a change and after it, in wire form. */
export interface Images {
  readonly before: Record<string, unknown> | null
  readonly after: Record<string, unknown> | null
}

/** A row, whichever table it is or was in. */
export interface RowRef {
  readonly entity: string
  readonly row_id: number
}

/** A change as the log has it, with its place there. */
export interface LoggedChange extends RowRef, Images {
  readonly space: string
  readonly space_id: number
  readonly seq: number
}

/** How a change is kept in the log: its rows as they were, or without them. */
export type Kept = (change: Images) => Images

/** Takes content out of what was logged and answered. Who did what and when stays. */
export interface Erasing {
  /** All changes of a space lose their rows. */
  space(space: SpaceRef): Promise<void>
  /** So do all changes of these rows, in whatever space they are logged. */
  rows(rows: readonly RowRef[]): Promise<void>
  /** The kept answers of what was called in these spaces or by these people, or has written there; those of one commit stay. */
  answers(of: { spaces: readonly SpaceRef[]; people: readonly number[]; but: string }): Promise<void>
  /** How rows of these entities that this person made, and that were removed, were last. */
  removedOf(userId: number, entities: readonly string[]): Promise<LoggedChange[]>
  /** What the log has of rows of one entity, where it has their content. */
  historyOf(entity: string, ids: readonly number[]): Promise<LoggedChange[]>
  /** Keeps a change otherwise than it was. */
  rewrite(change: LoggedChange, kept: Images): Promise<void>
}

/** Whether the log keeps of a change only that it was made. */
export const isErased = ({ before, after }: Images): boolean => before === null && after === null
