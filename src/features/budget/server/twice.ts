import type { ReadTx } from '../../../core/data/tx.ts'
import { findPeople } from '../../../identity/server/people/store.ts'
import type { BudgetItemRow, SettlementRow } from '../contract/index.ts'
import { messages } from '../contract/messages.ts'
import * as store from './store.ts'

type Ends = Pick<SettlementRow, 'from_user_id' | 'to_user_id'>

const isTicked = ({ members, payers }: BudgetItemRow, { from_user_id, to_user_id }: Ends): boolean =>
  members.some(({ user_id, paid }) => user_id === from_user_id && paid) &&
  payers.some(({ user_id }) => user_id === to_user_id)

/** The warning for a payment between people of whom one has a share ticked as paid to the other. */
export async function settledTwice(tx: ReadTx, settlement: SettlementRow): Promise<string | undefined> {
  const ticked = (await store.listItems(tx, settlement.trip_id)).filter((item) => isTicked(item, settlement))
  if (!ticked.length) return undefined
  const { from, to } = await namesOf(tx, settlement)
  const named = ticked.slice(0, NAMED).map(({ name }) => messages.expense({ name }))
  const more = ticked.length > NAMED ? [messages.andMore({ count: ticked.length - NAMED })] : []
  return messages.settledTwice({ from, to, expenses: [...named, ...more] }).text
}

/** The warning for a share ticked as paid to somebody who has also received a payment. */
export async function tickedTwice(tx: ReadTx, item: BudgetItemRow, from_user_id: number): Promise<string | undefined> {
  const payment = (await store.listSettlements(tx, item.trip_id)).find(
    (one) => one.from_user_id === from_user_id && isTicked(item, one),
  )
  if (!payment) return undefined
  const { from, to } = await namesOf(tx, payment)
  const { amount, currency } = payment
  return messages.tickedTwice({ from, to, amount, currency }).text
}

const NAMED = 5

async function namesOf(tx: ReadTx, { from_user_id, to_user_id }: Ends) {
  const people = await findPeople(tx, [from_user_id, to_user_id])
  const nameOf = (id: number) => people.find(({ user_id }) => user_id === id)?.name ?? String(id)
  return { from: nameOf(from_user_id), to: nameOf(to_user_id) }
}
