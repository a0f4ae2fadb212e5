import { keyOf } from '../../../core/declare/message.ts'
import { implement } from '../../../core/run/feature.ts'
import * as contract from '../contract/index.ts'
import { messages } from '../contract/messages.ts'
import { type Images, Sight, titleOfOperation } from './lines.ts'
import { refusalByAuthor } from './rights.ts'
import { homeOf, type LogRow, listChanges, listCommits, undoneAmong } from './store.ts'
import { withTitles } from './titles.ts'
import { type HistoryParts, undoChanges } from './undo.ts'

/** The most rows that a line lists. */
const ROWS_OF_LINE = 50

/** The rows that a commit changed, each once: as it was before the commit, and after it. */
function netImages(changes: readonly LogRow[]): Images[] {
  const rows = Map.groupBy(changes, ({ entity, row_id }) => `${entity} ${row_id}`)
  return [...rows.values()].flatMap((all) => {
    const [first, last] = [all[0] as LogRow, all.at(-1) as LogRow]
    if (first.before === null && last.after === null) return []
    const { entity, row_id } = first
    return [
      { entity, row_id, before: first.before && JSON.parse(first.before), after: last.after && JSON.parse(last.after) },
    ]
  })
}

export const historyHandlers = (parts: () => HistoryParts) =>
  implement(contract, {
    list_changes: async ({ tx, input, caller, member, permits, barred }) => {
      const { catalogue } = parts()
      const home = homeOf({ input, caller })
      const found = await listCommits(tx, home, input, input.limit + 1)
      const commits = found.slice(0, input.limit)
      const ids = commits.map(({ commit_id }) => commit_id)
      const rows = Map.groupBy(await listChanges(tx, home, ids, ROWS_OF_LINE), ({ commit_id }) => commit_id)
      const { undone, undoing } = await undoneAmong(tx, ids)
      const sight = new Sight(catalogue, { userId: caller.userId, role: member.role }, barred)
      const visible = new Map(
        [...rows].map(([commit, all]) => [
          commit,
          netImages(all).flatMap((images) => {
            const line = sight.lineOf(images)
            return line ? [{ line, images }] : []
          }),
        ]),
      )
      await withTitles(catalogue, tx, home, sight, [...visible.values()].flat())
      const lines = commits.map(
        ({ commit_id: commit, at, user_id, user_name, way, client, operation, home_space, home_id }) => {
          const all = rows.get(commit) ?? []
          const isHere = home_space === home.space && home_id === home.id
          const refusal = isHere
            ? refusalByAuthor(catalogue, { caller, permits }, { operation, user_id })
            : messages.elsewhere()
          return {
            commit,
            at,
            user_id: user_id || null,
            user_name: user_name ?? '',
            client: way === 'mcp' ? client : null,
            operation,
            title: titleOfOperation(catalogue, operation),
            rows: (visible.get(commit) ?? []).map(({ line }) => line),
            more: Number(all[0]?.count ?? 0) > all.length,
            undone: undone.has(commit),
            undoes: undoing.has(commit),
            refused: refusal?.text ?? null,
            refused_message: refusal ? keyOf(refusal) : null,
          }
        },
      )
      return {
        // A change of which this person sees nothing leaves no trace.
        changes: lines.filter((line) => line.rows.length > 0),
        next_before: found.length > commits.length ? (commits.at(-1)?.seq ?? null) : null,
      }
    },

    undo_changes: (call) => undoChanges(parts(), call),
  })
