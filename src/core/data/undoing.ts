import type { Images, RowRef } from './erasing.ts'
import type { Caller, SpaceRef } from './space.ts'

/** A logged commit, without its changes. */
export interface LoggedCommit {
  readonly id: string
  /** The space in which the call was made. */
  readonly home: SpaceRef
  readonly at: string
  readonly by: {
    readonly user_id: number
    readonly way: Caller['way']
    readonly client: string | null
    readonly grant: string | null
    readonly operation: string
  }
}

/** A change of a commit, in one of its spaces. */
export interface CommittedChange extends RowRef, Images {
  /** Its position in the commit, across all spaces. */
  readonly nth: number
  readonly action: 'insert' | 'patch' | 'remove'
  readonly commit: string
  readonly space: SpaceRef
  readonly seq: number
  /** The number of the last migration that the writing program knew; 0 if unknown. */
  readonly schema: number
}

/** What undo needs of the change log. */
export interface Undoing {
  /** The commits with these ids that were made in this space, newest first. Unknown ids are left out. */
  commits(home: SpaceRef, ids: readonly string[]): Promise<LoggedCommit[]>
  /** The changes of a commit in all spaces, in their order. */
  changesOf(commit: string): Promise<CommittedChange[]>
  /**
   * The changes of these rows of one space after `seq`, oldest first, without those of commits that undo others or that
   * are undone.
   */
  laterChanges(space: SpaceRef, seq: number, entity: string, ids: readonly number[]): Promise<CommittedChange[]>
  /** The secret columns kept at a removal, sealed; null if they are gone. */
  secretsOf(commit: string, nth: number): Promise<string | null>
}
