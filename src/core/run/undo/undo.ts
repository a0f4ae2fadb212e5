import type { SpaceRef } from '../../data/space.ts'
import type { ReadTx } from '../../data/tx.ts'
import type { LoggedCommit } from '../../data/undoing.ts'
import type { Call } from '../feature.ts'
import { type Unsound, unsoundIn } from '../sound.ts'
import { reasons } from './messages.ts'
import { CommitUndo, type LeftRow, type UndoneCommit, type UndoParts } from './undo-commit.ts'

export interface Undo extends Omit<UndoParts, 'undone'> {
  readonly emit: Call<unknown, unknown, ReadTx>['emit']
}

/** Thrown to roll back the undo of one commit. */
class NotUndone {
  readonly left: readonly LeftRow[]
  constructor(left: readonly LeftRow[]) {
    this.left = left
  }
}

/**
 * Undoes commits, each at its turn: pass the newest first. A commit whose undo would break a rule among rows stays as it
 * is, and so does one of an operation that is undone as a whole or not at all, if a part of it must stay.
 */
export async function undoCommits(
  undo: Undo,
  home: SpaceRef,
  commits: readonly LoggedCommit[],
): Promise<Map<LoggedCommit, UndoneCommit>> {
  const tx = undo.tx.following('undo')
  const reports = new Map<LoggedCommit, UndoneCommit>()
  const undone = new Set<string>()
  let unsound = await unsoundOf(undo, home)
  for (const commit of commits) {
    const whole = undo.catalogue.operation(commit.by.operation)?.operation.undo === 'whole'
    try {
      const result = await attempt({ ...undo, tx, undone }, commit, async ({ done, left }) => {
        if (whole && left.length)
          throw new NotUndone([...left, ...done.map((row) => ({ ...row, reason: reasons.wholeOnly() }))])
        const now = await unsoundOf(undo, home)
        const [problem] = [...now].filter((one) => !unsound.has(one))
        if (problem)
          throw new NotUndone([...done.map((row) => ({ ...row, reason: reasons.unsound({ problem }) })), ...left])
        unsound = now
      })
      if (result.done.length) tx.markUndone(commit.id)
      undone.add(commit.id)
      reports.set(commit, result)
    } catch (error) {
      if (!(error instanceof NotUndone)) throw error
      reports.set(commit, { done: [], left: error.left })
    }
  }
  return reports
}

/** Undoes a commit at once, and row by row only if that fails: a savepoint for each row takes more than twice the time. */
async function attempt(
  parts: UndoParts,
  { id }: LoggedCommit,
  check: (result: UndoneCommit) => Promise<void>,
): Promise<UndoneCommit> {
  const run = (rowByRow: boolean) =>
    parts.tx.attempt(async () => {
      const result = await new CommitUndo(parts, id, rowByRow).run()
      await check(result)
      return result
    })
  try {
    return await run(false)
  } catch (error) {
    if (!parts.tx.isConflict(error)) throw error
    return run(true)
  }
}

const textOf = ({ entity, id, says }: Unsound): string => `${entity} ${id}: ${says}`

async function unsoundOf({ catalogue, emit, tx }: Undo, home: SpaceRef): Promise<ReadonlySet<string>> {
  if (!catalogue.spaces.has(home.space)) return new Set()
  return new Set((await unsoundIn(catalogue, { tx, emit }, home)).map(textOf))
}
