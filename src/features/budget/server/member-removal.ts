import type { Tx } from '../../../core/data/tx.ts'
import { findTrip } from '../../trips/server/index.ts'
import type { Bearer, BudgetItemRow } from '../contract/index.ts'
import { major, minor, sharesOf } from '../contract/shares.ts'
import { namedIn } from './expense.ts'
import * as store from './store.ts'

/**
 * Removes a person whose account is deleted from all costs. If no money has moved, the others share what the person
 * would have borne. If the person has paid, or the others have settled, the owner of the trip takes the person's place,
 * so that nobody else owes more than before. With `tripId` it changes only that trip: a guest belongs to one trip.
 */
export async function removeFromCosts(tx: Tx, userId: number, tripId?: number): Promise<void> {
  for (const id of tripId === undefined ? await store.listTripsThatName(tx, userId) : [tripId]) {
    const trip = await findTrip(tx, id)
    // The person's own trips are already gone, with their costs.
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
        members: moneyMoved || isExact || !others.length ? transferred(item, userId, trip.user_id) : others,
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

/** The list with the successor in place of the removed person; if both are in it, they become one entry. */
function replaced<T extends { user_id: number }>(
  list: readonly T[],
  gone: number,
  successor: number,
  added: (a: T, b: T) => T,
): T[] {
  const theirs = list.find(({ user_id }) => user_id === gone)
  if (!theirs) return [...list]
  const known = list.find(({ user_id }) => user_id === successor)
  const entry = known ? added(known, theirs) : { ...theirs, user_id: successor }
  const rest = list.filter(({ user_id }) => user_id !== gone && user_id !== successor)
  return [...rest, entry].sort((a, b) => a.user_id - b.user_id)
}

/** The bearers with the successor in place of the removed person. Exact amounts keep the shares of the others. */
function transferred(item: BudgetItemRow, gone: number, successor: number): Bearer[] {
  const units = sharesOf(item)
  const exact = item.members.map((bearer, index) => ({
    ...bearer,
    weight: null,
    amount: major(units[index] as number, item.currency),
  }))
  return replaced(exact, gone, successor, (one, other) => ({
    ...addedTo(one, other, item),
    paid: one.paid && other.paid,
  }))
}

/** Merges two entries by adding their amounts. */
function addedTo<T extends { amount: number }>(one: T, other: T, { currency }: BudgetItemRow): T {
  return { ...one, amount: major(minor(one.amount, currency) + minor(other.amount, currency), currency) }
}
