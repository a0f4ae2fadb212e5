import type { ReadTx } from '../../../core/data/tx.ts'
import { findPeople } from '../../../identity/server/people/store.ts'
import type { BudgetItemRow, SettlementRow } from '../contract/index.ts'
import * as store from './store.ts'

type Ends = Pick<SettlementRow, 'from_user_id' | 'to_user_id'>

const isTicked = ({ members, payers }: BudgetItemRow, { from_user_id, to_user_id }: Ends): boolean =>
  members.some(({ user_id, paid }) => user_id === from_user_id && paid) &&
  payers.some(({ user_id }) => user_id === to_user_id)

/** What to say of a payment between people of whom one has a share ticked as paid to the other. */
export async function settledTwice(tx: ReadTx, settlement: SettlementRow): Promise<string | undefined> {
  const ticked = (await store.listItems(tx, settlement.trip_id)).filter((item) => isTicked(item, settlement))
  if (!ticked.length) return undefined
  const { from, to } = await namesOf(tx, settlement)
  const named = ticked.slice(0, NAMED).map(({ name }) => JSON.stringify(name))
  const more = ticked.length > NAMED ? ` and ${ticked.length - NAMED} more` : ''
  return `${from}’s share of ${named.join(', ')}${more} is ticked as paid to ${to}. If this is the same money, it now counts twice: call delete_settlement, or toggle_budget_member_paid with paid false.`
}

/** What to say of a share that was ticked as paid to somebody who has got a payment as well. */
export async function tickedTwice(tx: ReadTx, item: BudgetItemRow, from_user_id: number): Promise<string | undefined> {
  const payment = (await store.listSettlements(tx, item.trip_id)).find(
    (one) => one.from_user_id === from_user_id && isTicked(item, one),
  )
  if (!payment) return undefined
  const { from, to } = await namesOf(tx, payment)
  return `${from} has paid ${payment.amount} ${payment.currency} to ${to} as a settlement. If this is the same money, it now counts twice: call delete_settlement with its id from list_settlements, or this again with paid false.`
}

const NAMED = 5

async function namesOf(tx: ReadTx, { from_user_id, to_user_id }: Ends) {
  const people = await findPeople(tx, [from_user_id, to_user_id])
  const nameOf = (id: number) => people.find(({ user_id }) => user_id === id)?.name ?? String(id)
  return { from: nameOf(from_user_id), to: nameOf(to_user_id) }
}
