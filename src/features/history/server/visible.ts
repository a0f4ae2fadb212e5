import { isErased } from '../../../core/data/erasing.ts'
import type { SpaceRef } from '../../../core/data/space.ts'
import type { ReadTx } from '../../../core/data/tx.ts'
import type { Images, RowLine, Sight } from './lines.ts'
import { type LogRow, listChanges } from './store.ts'

/** The most rows of a commit that are read. */
const MOST_ROWS_READ = 50

interface VisibleRows {
  readonly shown: readonly { readonly line: RowLine; readonly images: Images }[]
  /** Whether the commit changed more rows than were read. */
  readonly more: boolean
  /** Whether the log has lost content of it. */
  readonly isErased: boolean
}

/** What a person can see of these commits; a commit of which they see nothing is left out. */
export async function visibleRows(
  tx: ReadTx,
  home: SpaceRef,
  sight: Sight,
  commits: readonly string[],
): Promise<ReadonlyMap<string, VisibleRows>> {
  const rows = Map.groupBy(await listChanges(tx, home, commits, MOST_ROWS_READ), ({ commit_id }) => commit_id)
  const visible = new Map<string, VisibleRows>()
  for (const [commit, all] of rows) {
    const shown = netImages(all).flatMap((images) => {
      const line = sight.lineOf(images)
      return line ? [{ line, images }] : []
    })
    const more = Number(all[0]?.count ?? 0) > all.length
    if (shown.length) visible.set(commit, { shown, more, isErased: all.some((row) => isErased(row)) })
  }
  return visible
}

const ACTIONS = { insert: 'added', patch: 'changed', remove: 'removed' } as const

/** The rows that a commit changed, each once: as it was before the commit, and after it. */
function netImages(changes: readonly LogRow[]): Images[] {
  const rows = Map.groupBy(changes, ({ entity, row_id }) => `${entity} ${row_id}`)
  return [...rows.values()].flatMap((all) => {
    const [first, last] = [all[0] as LogRow, all.at(-1) as LogRow]
    const { entity, row_id } = first
    if (all.every(isErased)) return [{ entity, row_id, before: null, after: null, erased: ACTIONS[last.action] }]
    if (first.before === null && last.after === null) return []
    return [
      { entity, row_id, before: first.before && JSON.parse(first.before), after: last.after && JSON.parse(last.after) },
    ]
  })
}
