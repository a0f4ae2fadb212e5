import i18next from 'i18next'
import type { Output } from '../../../core/declare/operation.ts'
import { newUuid } from '../../../core/declare/uuid.ts'
import { CallError, call, reasonOf, writeOf, writesAnswered } from '../../../ui/call.ts'
import { tell, tellTrouble } from '../../../ui/design/toast.tsx'
import { textOf } from '../../../ui/message.ts'
import { MOST_COMMITS, undo_changes } from '../contract/index.ts'
import { nameOfRow } from './names.ts'
import { changeOf, forgetChanges, type OwnChange, ownChanges, remember } from './own-changes.ts'

type Report = Output<typeof undo_changes>['undone']

/** Undo, and the undo of an undo. */
type Direction = 'undo' | 'redo'

interface Taking {
  readonly direction: Direction
  /** Undefined for one's own rows outside of trips. */
  readonly tripId: number | undefined
  /** Newest first. */
  readonly changes: readonly OwnChange[]
  /** What was done, for the notice. */
  readonly title: string
  onDone?(): void
}

/** The most reasons that a notice shows. */
const MOST_REASONS = 3

/** Shows what has happened, with a button that undoes it. `answers` are those to the calls that did it, in order. */
export function tellUndoable(title: string, answers: object | readonly object[], onUndone?: () => void): void {
  const writes = [answers].flat().flatMap((answer) => writeOf(answer) ?? [])
  const changes = writes.map(changeOf).reverse()
  const [last] = changes
  if (!last) {
    tell(title)
    return
  }
  const tripId = writes[0]?.input.tripId as number | undefined
  const taking: Taking = {
    direction: 'undo',
    tripId,
    changes,
    title: last.title,
    ...(onUndone && { onDone: onUndone }),
  }
  tell(title, { label: i18next.t('undo'), run: () => void takeBack(taking) })
}

let queue: Promise<unknown> = Promise.resolve()

/** Does one after another, so that each finds what the one before has left. */
function inTurn(work: () => Promise<void>): Promise<void> {
  const done = queue.then(work)
  queue = done.catch(() => undefined)
  return done
}

/** Undoes the last change that this page made in a trip, or redoes what it undid last. */
export const takeBackLast = (direction: Direction, tripId: number): Promise<void> =>
  inTurn(async () => {
    await writesAnswered()
    const { done, undone } = ownChanges(tripId)
    const change = (direction === 'undo' ? done : undone).at(-1)
    if (change) await takeBackNow({ direction, tripId, changes: [change], title: change.title })
    else tell(i18next.t(`history.nothingTo.${direction}`))
  })

/** Undoes changes, shows what stays as it is and why, and offers the opposite. */
export const takeBack = (taking: Taking, commits?: readonly string[]): Promise<void> =>
  inTurn(() => takeBackNow(taking, commits))

async function takeBackNow(taking: Taking, commits: readonly string[] = partsOf(taking.changes).map(() => newUuid())) {
  const { direction, tripId, changes, title, onDone } = taking
  const own = tripId === undefined ? null : ownChanges(tripId)
  try {
    const undone: Report[number][] = []
    for (const [at, part] of partsOf(changes).entries()) {
      const input = { tripId, commits: part.map(({ commit }) => commit), confirm: true }
      undone.push(...(await call(undo_changes, input, { commit: commits[at] })).undone)
    }
    if (own) forgetChanges(own, changes)
    onDone?.()
    const reasons = reasonsIn(undone)
    const isDone = undone.some(({ rows }) => rows.length > 0)
    const back = commits.map((commit) => ({ commit, title })).reverse()
    if (own && isDone) remember(direction === 'undo' ? own.undone : own.done, ...back.toReversed())
    if (reasons.length) {
      tellTrouble(
        i18next.t(`history.left.${isDone ? 'partly' : 'nothing'}`),
        reasons.slice(0, MOST_REASONS).join(' · '),
      )
    } else if (isDone) {
      const opposite = direction === 'undo' ? 'redo' : 'undo'
      tell(i18next.t(`history.was.${direction}`, { title }), {
        label: i18next.t(opposite),
        run: () => void takeBack({ ...taking, direction: opposite, changes: back }),
      })
    } else tell(i18next.t(`history.already.${direction}`))
  } catch (error) {
    // With the same ids: what the server did although no answer arrived is not done twice.
    const again = { label: i18next.t('retry'), run: () => void takeBack(taking, commits) }
    const isUnanswered = error instanceof CallError && error.code === 'unreachable'
    if (own && !isUnanswered) forgetChanges(own, changes)
    tellTrouble(reasonOf(error), undefined, isUnanswered ? again : undefined)
  }
}

/** As many changes as one call takes, again and again. */
function partsOf(changes: readonly OwnChange[]): OwnChange[][] {
  const count = Math.ceil(changes.length / MOST_COMMITS)
  return Array.from({ length: count }, (_, at) => changes.slice(at * MOST_COMMITS, (at + 1) * MOST_COMMITS))
}

/** Why changes, or rows of them, stay as they are. */
export const reasonsIn = (undone: Report): readonly string[] => [
  ...new Set(
    undone.flatMap(({ refused, refused_message, left }) => [
      ...(refused === null ? [] : [textOf({ key: '', ...refused_message, text: refused })]),
      ...left.map((row) =>
        i18next.t('history.reason', {
          what: nameOfRow(row),
          reason: textOf({ ...row.reason_message, text: row.reason }),
        }),
      ),
    ]),
  ),
]
