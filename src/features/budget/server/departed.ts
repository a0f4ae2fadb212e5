import type { Tx } from '../../../core/data/tx.ts'
import { findTrip } from '../../trips/server/index.ts'
import type { Bearer, BudgetItemRow } from '../contract/index.ts'
import { major, minor, sharesOf } from '../contract/shares.ts'
import { namedIn } from './expense.ts'
import * as store from './store.ts'

/**
 * Takes somebody whose account goes out of all costs. Who has only been counted on is taken out, and the others share what
 * they would have borne. As soon as money has moved, theirs or between others to settle, the owner of the trip takes their
 * place, and nobody else owes more than before. Of whom only one trip may tell, the others are not looked at.
 */
export async function forget(tx: Tx, userId: number, tripId?: number): Promise<void> {
  for (const id of tripId === undefined ? await store.listTripsThatName(tx, userId) : [tripId]) {
    const trip = await findTrip(tx, id)
    // The trips of an owner who goes have gone before, with all their costs.
    if (!trip || trip.user_id === userId) continue
    const items = await store.listItems(tx, id)
    const settlements = await store.listSettlements(tx, id)
    const named = items.filter((item) => namedIn(item).includes(userId))
    const moneyMoved = settlements.length > 0 || named.some((item) => hasMoved(item, userId))
    for (const item of named) {
      const others = item.members.filter(({ user_id }) => user_id !== userId)
      const isExact = item.members.some(({ amount }) => amount !== null)
      await store.patchItem(tx, item, {
        payers: replaced(item.payers, userId, trip.user_id, (one, gone) => addedTo(one, gone, item)),
        members: moneyMoved || isExact || !others.length ? handedOver(item, userId, trip.user_id) : others,
      })
    }
    for (const settlement of settlements) {
      const [from, to] = [settlement.from_user_id, settlement.to_user_id].map((id) =>
        id === userId ? trip.user_id : id,
      )
      if (from === to) await store.removeSettlement(tx, settlement)
      else await store.patchSettlement(tx, settlement, { from_user_id: from, to_user_id: to })
    }
  }
}

const hasMoved = ({ payers, members }: BudgetItemRow, userId: number): boolean =>
  payers.some(({ user_id }) => user_id === userId) || members.some(({ user_id, paid }) => user_id === userId && paid)

/** The list with one person in the place of another; where both stand in it, as one entry. */
function replaced<T extends { user_id: number }>(
  list: readonly T[],
  gone: number,
  heir: number,
  added: (a: T, b: T) => T,
): T[] {
  const theirs = list.find(({ user_id }) => user_id === gone)
  if (!theirs) return [...list]
  const known = list.find(({ user_id }) => user_id === heir)
  const entry = known ? added(known, theirs) : { ...theirs, user_id: heir }
  const rest = list.filter(({ user_id }) => user_id !== gone && user_id !== heir)
  return [...rest, entry].sort((a, b) => a.user_id - b.user_id)
}

/** The bearers with the heir in the place of who goes. The shares become exact, so that not a cent of another's moves. */
function handedOver(item: BudgetItemRow, gone: number, heir: number): Bearer[] {
  const units = sharesOf(item)
  const exact = item.members.map((bearer, index) => ({
    ...bearer,
    weight: null,
    amount: major(units[index] as number, item.currency),
  }))
  return replaced(exact, gone, heir, (one, other) => ({ ...addedTo(one, other, item), paid: one.paid && other.paid }))
}

/** One entry with the amount of two. */
function addedTo<T extends { amount: number }>(one: T, other: T, { currency }: BudgetItemRow): T {
  return { ...one, amount: major(minor(one.amount, currency) + minor(other.amount, currency), currency) }
}
