import type { Tx } from '../../../core/data/tx.ts'
import { Reservation } from '../../reservations/contract/index.ts'
import type { TripCopy } from '../../trips/server/index.ts'
import { type Bearer, BudgetItem, type Payer, Settlement } from '../contract/index.ts'
import * as store from './store.ts'

/** Copies the costs of a trip with payers, bearers and settlements; in the copy everybody has the same balance. */
export async function copyCosts(tx: Tx, copy: TripCopy, now: string): Promise<void> {
  for (const item of await store.listItems(tx, copy.from)) {
    const { id, ...values } = item
    const payers: Payer[] = []
    for (const payer of item.payers) payers.push({ ...payer, user_id: await copy.person(payer.user_id) })
    const members: Bearer[] = []
    for (const bearer of item.members) members.push({ ...bearer, user_id: await copy.person(bearer.user_id) })
    const made = await store.insertItem(tx, {
      ...values,
      trip_id: copy.trip.id,
      reservation_id: copy.copyOf(Reservation, item.reservation_id),
      payers: inOrder(payers),
      members: inOrder(members),
      created_at: now,
    })
    copy.became(BudgetItem, id, made.id)
  }
  for (const { id, ...settlement } of await store.listSettlements(tx, copy.from)) {
    const made = await store.insertSettlement(tx, {
      ...settlement,
      trip_id: copy.trip.id,
      from_user_id: await copy.person(settlement.from_user_id),
      to_user_id: await copy.person(settlement.to_user_id),
      created_at: now,
    })
    copy.became(Settlement, id, made.id)
  }
}

/** People in the order of their ids, which decides who gets the odd cents. */
const inOrder = <P extends { user_id: number }>(people: P[]): P[] => people.sort((a, b) => a.user_id - b.user_id)
