import type { RowChange } from './database.ts'
import type { CanSee, Viewer } from './space.ts'

/** What one person sees of one change. */
export type VisibleChange =
  | { action: 'insert' | 'patch'; entity: string; id: number; row: Record<string, unknown> }
  | { action: 'remove'; entity: string; id: number }

/**
 * Everybody who could see the row before or can see it now gets the change: losing access is a removal, gaining access
 * an insertion. Others get nothing, not even the fact that something changed.
 */
export function visibleChangeOf(change: RowChange, viewer: Viewer, canSee: CanSee | undefined): VisibleChange | null {
  const { entity, row_id: id, before, after } = change
  const could = before !== null && (!canSee || canSee(before as never, viewer))
  const can = after !== null && (!canSee || canSee(after as never, viewer))
  if (can) return { action: could ? 'patch' : 'insert', entity, id, row: after }
  return could ? { action: 'remove', entity, id } : null
}
