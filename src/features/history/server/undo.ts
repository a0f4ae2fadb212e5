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
import { MOST_COMMITS, MOST_ROWS, ROWS_TO_CONFIRM, type undo_changes } from '../contract/index.ts'
import { messages } from '../contract/messages.ts'
import { Sight, titleOfOperation } from './lines.ts'
import { undoRefusal } from './rights.ts'
import { countChanges, homeOf, listCommits, undoneAmong } from './store.ts'
import { type Shown, withTitles } from './titles.ts'
import { visibleRows } from './visible.ts'

export interface HistoryParts {
  readonly catalogue: Catalogue
  /** Opens the secret columns of removed rows. */
  readonly sealing: Sealing | undefined
}

type Undoing = Call<Input<typeof undo_changes>>
type Report = Output<typeof undo_changes>['undone'][number]

/** How many pages of the log one call reads in search of changes that are not undone yet. */
const MOST_PAGES = 20

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
  const sight = new Sight(parts.catalogue, { userId: call.caller.userId, role: call.member.role }, call.barred)
  const { commits, next_before } = await chosen(call, tx, sight)
  await refuseTooMuch(call, commits)
  if (!preview) return { preview, undone: await undoIn(parts, call, tx, sight, commits), next_before }
  try {
    await tx.attempt(async () => {
      throw new Preview(await undoIn(parts, call, tx, sight, commits))
    })
  } catch (error) {
    if (!(error instanceof Preview)) throw error
    return { preview, undone: error.undone, next_before }
  }
  throw new Error('A preview always ends with an exception')
}

async function undoIn(
  parts: HistoryParts,
  call: Undoing,
  tx: WriteTx,
  sight: Sight,
  commits: readonly LoggedCommit[],
): Promise<Report[]> {
  const { catalogue, sealing } = parts
  const { emit } = call
  const home = homeOf(call)
  const refusals = new Map<LoggedCommit, Message>()
  for (const commit of commits) {
    const changes = netChanges(catalogue, await tx.undoing.changesOf(commit.id))
    const refusal = await undoRefusal(catalogue, call, commit, changes)
    if (refusal) refusals.set(commit, refusal)
  }
  const allowed = commits.filter((commit) => !refusals.has(commit))
  const undone = await undoCommits({ tx, catalogue, sealing, emit }, home, allowed)
  const shown: Shown[] = []
  const reports = commits.map((commit) => {
    const result = undone.get(commit)
    const refusal = refusals.get(commit)
    return {
      commit: commit.id,
      title: titleOfOperation(catalogue, commit.by.operation),
      rows: (result?.done ?? []).flatMap((row) => reportOf(sight, shown, row) ?? []),
      left: leftOf(sight, shown, result),
      refused: refusal?.text ?? null,
      refused_message: refusal ? keyOf(refusal) : null,
    }
  })
  await withTitles(catalogue, tx, home, sight, shown)
  return reports
}

interface Chosen {
  /** Newest first. */
  readonly commits: readonly LoggedCommit[]
  readonly next_before: number | null
}

/** The commits that the input means. */
async function chosen(call: Undoing, tx: WriteTx, sight: Sight): Promise<Chosen> {
  const { commits: ids, since, until, userId, client, before } = call.input
  const isFiltered = [until, userId, client, before].some((one) => one !== undefined)
  if ((ids === undefined) === (since === undefined) || (ids && isFiltered)) throw messages.sayWhich()
  const home = homeOf(call)
  if (!ids) return chosenSince(call, tx, sight, home)
  const commits = await tx.undoing.commits(home, ids)
  const missing = ids.filter((id) => !commits.some((commit) => commit.id === id))
  if (missing.length) throw messages.commitNotFound({ count: missing.length, ids: missing })
  return { commits, next_before: null }
}

/** The newest commits of a time that this person can see, that are not undone and undo nothing, as many as one call takes. */
async function chosenSince({ input }: Undoing, tx: WriteTx, sight: Sight, home: SpaceRef): Promise<Chosen> {
  const { since, until, userId, client } = input
  const ids: string[] = []
  let { before } = input
  for (let page = 0; page < MOST_PAGES; page++) {
    const lines = await listCommits(tx, home, { since, until, userId, client, before }, MOST_COMMITS)
    const read = lines.map(({ commit_id }) => commit_id)
    const { undone, undoing } = await undoneAmong(tx, read)
    const visible = await visibleRows(tx, home, sight, read)
    for (const { commit_id, seq, home_space, home_id } of lines) {
      if (ids.length === MOST_COMMITS)
        return { commits: await tx.undoing.commits(home, ids), next_before: before ?? null }
      before = seq
      const isHere = home_space === home.space && home_id === home.id
      const isDone = undone.has(commit_id) || undoing.has(commit_id)
      if (isHere && !isDone && visible.has(commit_id)) ids.push(commit_id)
    }
    if (lines.length < MOST_COMMITS) return { commits: await tx.undoing.commits(home, ids), next_before: null }
  }
  return { commits: await tx.undoing.commits(home, ids), next_before: before ?? null }
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

/** One row of the report; null if this person cannot see the row. Adds it to `shown`, whose titles are filled in later. */
function reportOf(sight: Sight, shown: Shown[], { change, fields }: UndoneRow) {
  const { bound, id, before, after, undo, erased } = change
  const images = { entity: bound.entity.name, row_id: id, before, after, ...(erased && { erased: ACTIONS[undo] }) }
  const line = sight.lineOf(images)
  if (!line) return null
  const report = { entity: line.entity, id, title: line.title, action: ACTIONS[undo], fields: [...fields] }
  shown.push({ line: report, images })
  return report
}

/** What stays as it is, as far as this person can see it. */
export function leftOf(sight: Sight, shown: Shown[], result: UndoneCommit | undefined): Report['left'] {
  return (result?.left ?? []).flatMap((row: LeftRow) => {
    const line = reportOf(sight, shown, row)
    return line ? [Object.assign(line, { reason: row.reason.text, reason_message: keyOf(row.reason) })] : []
  })
}
