import { deletedKeptSince } from '../../../core/declare/retention.ts'
import { implement } from '../../../core/run/feature.ts'
import { listDeletedTrips } from '../../trips/server/index.ts'
import * as contract from '../contract/index.ts'
import { cardOf, restoreTrip } from './deleted-trips.ts'
import { Sight, titleOfOperation } from './lines.ts'
import { homeOf, listChanges, listCommits, undoneAmong } from './store.ts'
import { type HistoryParts, undoChanges } from './undo.ts'

/** The most rows that a line lists. */
const ROWS_OF_LINE = 50

export const historyHandlers = (parts: () => HistoryParts) =>
  implement(contract, {
    list_changes: async ({ tx, input, caller, member, barred }) => {
      const { catalogue } = parts()
      const home = homeOf({ input, caller })
      const found = await listCommits(tx, home, input, input.limit + 1)
      const commits = found.slice(0, input.limit)
      const ids = commits.map(({ commit_id }) => commit_id)
      const rows = Map.groupBy(await listChanges(tx, home, ids, ROWS_OF_LINE), ({ commit_id }) => commit_id)
      const { undone, undoing } = await undoneAmong(tx, ids)
      const sight = new Sight(catalogue, { userId: caller.userId, role: member.role }, barred)
      const lines = commits.map(({ commit_id: commit, at, user_id, user_name, way, client, operation }) => {
        const all = rows.get(commit) ?? []
        const visible = all.flatMap(
          ({ before, after, ...row }) =>
            sight.lineOf({ ...row, before: before && JSON.parse(before), after: after && JSON.parse(after) }) ?? [],
        )
        return {
          commit,
          at,
          user_id: user_id || null,
          user_name: user_name ?? '',
          client: way === 'mcp' ? client : null,
          operation,
          title: titleOfOperation(catalogue, operation),
          rows: visible,
          more: Number(all[0]?.count ?? 0) > all.length,
          undone: undone.has(commit),
          undoes: undoing.has(commit),
        }
      })
      return {
        // A change of which this person sees nothing leaves no trace.
        changes: lines.filter((line) => line.rows.length > 0),
        next_before: found.length > commits.length ? (commits.at(-1)?.seq ?? null) : null,
      }
    },

    list_deleted_trips: async ({ tx, caller, now }) => {
      const after = deletedKeptSince(new Date(now))
      return { trips: (await listDeletedTrips(tx, { ownerId: caller.userId, after })).map(cardOf) }
    },

    restore_trip: (call) => restoreTrip(parts(), call),

    undo_changes: (call) => undoChanges(parts(), call),
  })
