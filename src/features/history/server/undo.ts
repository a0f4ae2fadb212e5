import type { WriteTx } from '../../../core/data/database.ts'
import type { Sealing } from '../../../core/data/sealing.ts'
import type { SpaceRef } from '../../../core/data/space.ts'
import type { LoggedCommit } from '../../../core/data/undoing.ts'
import { keyOf, type Message } from '../../../core/declare/message.ts'
import type { Input, Output } from '../../../core/declare/operation.ts'
import type { Catalogue } from '../../../core/run/catalogue.ts'
import type { Call } from '../../../core/run/feature.ts'
import { netChanges } from '../../../core/run/undo/net.ts'
import { undoCommits } from '../../../core/run/undo/undo.ts'
import type { LeftRow, UndoneCommit, UndoneRow } from '../../../core/run/undo/undo-commit.ts'
import { MOST_ROWS, ROWS_TO_CONFIRM, type undo_changes } from '../contract/index.ts'
import { messages } from '../contract/messages.ts'
import { Sight, titleOfOperation } from './lines.ts'
import { undoRefusal } from './rights.ts'
import { countChanges, homeOf } from './store.ts'

export interface HistoryParts {
  readonly catalogue: Catalogue
  /** Opens the secret columns of removed rows. */
  readonly sealing: Sealing | undefined
}

type Undoing = Call<Input<typeof undo_changes>>
type Report = Output<typeof undo_changes>['undone'][number]

/** Rows that undo writes in a second, on a small computer. */
const ROWS_PER_SECOND = 5000

/** Ends a preview: everything that it wrote is rolled back. */
class Preview {
  readonly undone: Report[]
  constructor(undone: Report[]) {
    this.undone = undone
  }
}

export async function undoChanges(parts: HistoryParts, call: Undoing): Promise<Output<typeof undo_changes>> {
  const { preview } = call.input
  // The pipeline hands the same transaction to every handler of a write; only undo uses all of it.
  const tx = call.tx as WriteTx
  if (!preview) return { preview, undone: await undoIn(parts, call, tx) }
  try {
    await tx.attempt(async () => {
      throw new Preview(await undoIn(parts, call, tx))
    })
  } catch (error) {
    if (!(error instanceof Preview)) throw error
    return { preview, undone: error.undone }
  }
  throw new Error('A preview always ends with an exception')
}

async function undoIn(parts: HistoryParts, call: Undoing, tx: WriteTx): Promise<Report[]> {
  const { catalogue, sealing } = parts
  const { caller, member, emit } = call
  const home = homeOf(call)
  const commits = await chosen(call, tx, home)
  await refuseTooMuch(call, commits)
  const refusals = new Map<LoggedCommit, Message>()
  for (const commit of commits) {
    const changes = netChanges(catalogue, await tx.undoing.changesOf(commit.id))
    const refusal = await undoRefusal(catalogue, call, commit, changes)
    if (refusal) refusals.set(commit, refusal)
  }
  const allowed = commits.filter((commit) => !refusals.has(commit))
  const undone = await undoCommits({ tx, catalogue, sealing, emit }, home, allowed)
  const sight = new Sight(catalogue, { userId: caller.userId, role: member.role }, call.barred)
  return commits.map((commit) => {
    const result = undone.get(commit)
    const refusal = refusals.get(commit)
    return {
      commit: commit.id,
      title: titleOfOperation(catalogue, commit.by.operation),
      rows: (result?.done ?? []).flatMap((row) => reportOf(sight, row) ?? []),
      left: leftOf(sight, result),
      refused: refusal?.text ?? null,
      refused_message: refusal ? keyOf(refusal) : null,
    }
  })
}

/** The commits that the input means, newest first. */
async function chosen({ input }: Undoing, tx: WriteTx, home: SpaceRef): Promise<LoggedCommit[]> {
  const commits = await tx.undoing.commits(home, input.commits)
  const missing = input.commits.filter((id) => !commits.some((commit) => commit.id === id))
  if (missing.length) throw messages.commitNotFound({ count: missing.length, ids: missing })
  return commits
}

async function refuseTooMuch({ input, tx }: Undoing, commits: readonly LoggedCommit[]): Promise<void> {
  const count = await countChanges(
    tx,
    commits.map(({ id }) => id),
  )
  if (count > MOST_ROWS) throw messages.tooManyRows({ count, maximum: MOST_ROWS })
  if (count > ROWS_TO_CONFIRM && !input.confirm && !input.preview) {
    throw messages.confirm({ count, seconds: Math.ceil(count / ROWS_PER_SECOND) })
  }
}

const ACTIONS = { revive: 'added', remove: 'removed', restore: 'changed' } as const

/** One row of the report; null if this person cannot see the row. */
function reportOf(sight: Sight, { change, fields }: UndoneRow) {
  const { bound, id, before, after, undo } = change
  const line = sight.lineOf({ entity: bound.entity.name, row_id: id, before, after })
  return line && { entity: line.entity, id, title: line.title, action: ACTIONS[undo], fields: [...fields] }
}

/** What stays as it is, as far as this person can see it. */
export const leftOf = (sight: Sight, result: UndoneCommit | undefined): Report['left'] =>
  (result?.left ?? []).flatMap((row: LeftRow) => {
    const line = reportOf(sight, row)
    return line ? [{ ...line, reason: row.reason.text, reason_message: keyOf(row.reason) }] : []
  })
