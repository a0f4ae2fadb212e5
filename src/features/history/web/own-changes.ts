import { onWrite, type Write } from '../../../ui/call.ts'
import { titleOf } from '../../../ui/message.ts'

/** A change that this page made or shows. */
export interface OwnChange {
  readonly commit: string
  /** What was done, in the language of the page. */
  readonly title: string
}

/** The changes of this page in one trip, newest last: what Ctrl Z undoes, and what Ctrl Shift Z redoes. */
interface OwnChanges {
  readonly done: OwnChange[]
  readonly undone: OwnChange[]
}

const MOST = 100

const byTrip = new Map<number, OwnChanges>()

export function ownChanges(tripId: number): OwnChanges {
  const own = byTrip.get(tripId) ?? { done: [], undone: [] }
  byTrip.set(tripId, own)
  return own
}

export const changeOf = ({ operation: { name, title }, commit }: Write): OwnChange => ({
  commit,
  title: titleOf('operations', name, title),
})

export function remember(list: OwnChange[], ...changes: readonly OwnChange[]): void {
  list.push(...changes)
  list.splice(0, Math.max(0, list.length - MOST))
}

export function forgetChanges({ done, undone }: OwnChanges, changes: readonly OwnChange[]): void {
  for (const { commit } of changes) {
    for (const list of [done, undone]) {
      const at = list.findIndex((change) => change.commit === commit)
      if (at >= 0) list.splice(at, 1)
    }
  }
}

onWrite((write) => {
  const { tripId } = write.input
  const { undo } = write.operation
  // A message, a vote or a reaction is withdrawn where it stands, never by a key; and an undo is redone.
  if (typeof tripId !== 'number' || (undo !== 'rows' && undo !== 'whole')) return
  const own = ownChanges(tripId)
  remember(own.done, changeOf(write))
  own.undone.length = 0
})
