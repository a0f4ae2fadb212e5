import type { Tx } from '../../../core/data/tx.ts'
import { invalidField } from '../../../core/declare/errors.ts'
import type { Input } from '../../../core/declare/operation.ts'
import { getTrip } from '../../trips/server/index.ts'
import type { create_settlement, SettlementRow, update_settlement } from '../contract/index.ts'
import { messages } from '../contract/messages.ts'
import { namedIn, participantsOf } from './expense.ts'
import { type Found, frozenRate } from './rate.ts'
import { currencyOf } from './report.ts'
import * as store from './store.ts'

/** Records a payment, in the currency of the summary unless another is given. */
export async function newSettlement(
  tx: Tx,
  { tripId, currency: asked, exchange_rate, ...values }: Input<typeof create_settlement>,
  found: Found | null,
  now: string,
): Promise<SettlementRow> {
  const base = (await getTrip(tx, tripId)).currency
  const currency = asked ?? (await currencyOf(tx, tripId))
  await checkPeople(tx, tripId, values)
  return store.insertSettlement(tx, {
    ...values,
    ...frozenRate(base, currency, exchange_rate, found, now),
    currency,
    trip_id: tripId,
    created_at: now,
  })
}

export async function changedSettlement(
  tx: Tx,
  { tripId, settlementId, currency, exchange_rate, ...values }: Input<typeof update_settlement>,
  found: Found | null,
  now: string,
): Promise<SettlementRow> {
  const before = await store.getSettlement(tx, tripId, settlementId)
  const base = (await getTrip(tx, tripId)).currency
  const after = currency ?? before.currency
  await checkPeople(tx, tripId, values)
  const newRate = after !== before.currency || exchange_rate !== undefined
  return store.patchSettlement(tx, before, {
    ...values,
    currency: after,
    ...(newRate && frozenRate(base, after, exchange_rate, found, now)),
  })
}

type Ends = Pick<SettlementRow, 'from_user_id' | 'to_user_id'>

/** People who have left the trip can still pay and receive what is open. */
async function checkPeople(tx: Tx, tripId: number, { from_user_id, to_user_id }: Ends): Promise<void> {
  const named = (await store.listItems(tx, tripId)).flatMap(namedIn)
  const ends = (await store.listSettlements(tx, tripId)).flatMap((one) => [one.from_user_id, one.to_user_id])
  const participants = await participantsOf(tx, tripId, [...named, ...ends])
  participants.check('from_user_id', [from_user_id])
  participants.check('to_user_id', [to_user_id])
  if (from_user_id === to_user_id) throw invalidField('to_user_id', messages.samePerson())
}
