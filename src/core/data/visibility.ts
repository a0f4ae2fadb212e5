import type { RowChange } from './database.ts'
import type { CanSee, Viewer } from './space.ts'

/** What one person learns of one change. */
export type VisibleChange =
  | { action: 'insert' | 'patch'; entity: string; id: number; row: Record<string, unknown> }
  | { action: 'remove'; entity: string; id: number }

/**
 * Who could see the row before or can see it now hears of the change: losing sight of it is a removal, gaining sight of it an
 * insertion. Everybody else learns nothing, not even that something happened.
 */
export function visibleChangeOf(change: RowChange, viewer: Viewer, canSee: CanSee | undefined): VisibleChange | null {
  const { entity, row_id: id, before, after } = change
  const could = before !== null && (!canSee || canSee(before as never, viewer))
  const can = after !== null && (!canSee || canSee(after as never, viewer))
  if (can) return { action: could ? 'patch' : 'insert', entity, id, row: after }
  return could ? { action: 'remove', entity, id } : null
}
