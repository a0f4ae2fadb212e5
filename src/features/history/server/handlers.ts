import { keyOf } from '../../../core/declare/message.ts'
import { DELETED_KEPT_DAYS, deletedKeptSince } from '../../../core/declare/retention.ts'
import { implement } from '../../../core/run/feature.ts'
import { reasons } from '../../../core/run/undo/messages.ts'
import { listDeletedTrips } from '../../trips/server/index.ts'
import * as contract from '../contract/index.ts'
import { messages } from '../contract/messages.ts'
import { cardOf, restoreTrip } from './deleted-trips.ts'
import { Sight, titleOfOperation } from './lines.ts'
import { refusalByAuthor } from './rights.ts'
import { homeOf, listCommits, sizeOfHistory, undoneAmong } from './store.ts'
import { withTitles } from './titles.ts'
import { type HistoryParts, undoChanges } from './undo.ts'
import { visibleRows } from './visible.ts'

export const historyHandlers = (parts: () => HistoryParts, keptDays: number) =>
  implement(contract, {
    list_changes: async ({ tx, input, caller, member, permits, barred }) => {
      const { catalogue } = parts()
      const home = homeOf({ input, caller })
      const found = await listCommits(tx, home, input, input.limit + 1)
      const commits = found.slice(0, input.limit)
      const ids = commits.map(({ commit_id }) => commit_id)
      const { undone, undoing } = await undoneAmong(tx, ids)
      const sight = new Sight(catalogue, { userId: caller.userId, role: member.role }, barred)
      const visible = await visibleRows(tx, home, sight, ids)
      await withTitles(
        catalogue,
        tx,
        home,
        sight,
        [...visible.values()].flatMap(({ shown }) => shown),
      )
      const lines = commits.map(
        ({ commit_id: commit, at, user_id, user_name, way, client, operation, home_space, home_id }) => {
          const isHere = home_space === home.space && home_id === home.id
          const lost = visible.get(commit)?.isErased ? reasons.erased() : null
          const refusal = isHere
            ? (lost ?? refusalByAuthor(catalogue, { caller, permits }, { operation, user_id }))
            : messages.elsewhere()
          return {
            commit,
            at,
            user_id: user_id || null,
            user_name: user_name ?? '',
            client: way === 'mcp' ? client : null,
            operation,
            title: titleOfOperation(catalogue, operation),
            rows: visible.get(commit)?.shown.map(({ line }) => line) ?? [],
            more: visible.get(commit)?.more ?? false,
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

    list_deleted_trips: async ({ tx, caller, now }) => {
      const after = deletedKeptSince(new Date(now))
      return { trips: (await listDeletedTrips(tx, { ownerId: caller.userId, after })).map(cardOf) }
    },

    get_history_size: async ({ tx, now }) => ({
      ...(await sizeOfHistory(tx)),
      days: keptDays,
      deleted_trips: (await listDeletedTrips(tx, { after: deletedKeptSince(new Date(now)) })).length,
      deleted_days: DELETED_KEPT_DAYS,
    }),

    restore_trip: (call) => restoreTrip(parts(), call),

    undo_changes: (call) => undoChanges(parts(), call),
  })
