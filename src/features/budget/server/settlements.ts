import type { Rates } from '../../../adapters/rates.ts'
import type { Tx } from '../../../core/data/tx.ts'
import { invalidField } from '../../../core/declare/errors.ts'
import type { Input } from '../../../core/declare/operation.ts'
import { implement, prepared } from '../../../core/run/feature.ts'
import { getTrip } from '../../trips/server/index.ts'
import {
  create_settlement,
  delete_settlement,
  list_settlements,
  type SettlementRow,
  update_settlement,
} from '../contract/index.ts'
import { messages } from '../contract/messages.ts'
import { namedIn, participantsOf } from './expense.ts'
import { frozenRate, lookUpRate, type RateLookup } from './rate.ts'
import { currencyOf } from './report.ts'
import * as store from './store.ts'
import { settledTwice } from './twice.ts'

const contract = { list_settlements, create_settlement, update_settlement, delete_settlement }

/** The operations on payments that settle what was owed. */
export const settlementHandlers = (rates: Rates) =>
  implement(contract, {
    list_settlements: async ({ tx, input }) => ({ settlements: await store.listSettlements(tx, input.tripId) }),

    create_settlement: prepared(create_settlement, {
      async prepare({ tripId, currency, exchange_rate }, _caller, read) {
        const { base, usual } = await read(async (tx) => ({
          base: (await getTrip(tx, tripId)).currency,
          usual: await currencyOf(tx, tripId),
        }))
        return lookUpRate(rates, base, currency ?? usual, null, exchange_rate)
      },
      async handle({ tx, input, prepared: lookup, now }) {
        const settlement = await newSettlement(tx, input, lookup, now)
        return { settlement, note: await settledTwice(tx, settlement) }
      },
    }),

    update_settlement: prepared(update_settlement, {
      async prepare({ tripId, settlementId, currency, exchange_rate }, _caller, read) {
        if (currency === undefined) return null
        const { base, settlement } = await read(async (tx) => ({
          base: (await getTrip(tx, tripId)).currency,
          settlement: await store.getSettlement(tx, tripId, settlementId),
        }))
        return currency === settlement.currency ? null : lookUpRate(rates, base, currency, null, exchange_rate)
      },
      async handle({ tx, input, prepared: lookup, now }) {
        const settlement = await changedSettlement(tx, input, lookup, now)
        return { settlement, note: await settledTwice(tx, settlement) }
      },
    }),

    delete_settlement: async ({ tx, input: { tripId, settlementId } }) => {
      await store.removeSettlement(tx, await store.getSettlement(tx, tripId, settlementId))
      return { success: true }
    },
  })

/** Records a payment, in the currency of the summary unless another is given. */
async function newSettlement(
  tx: Tx,
  { tripId, currency: givenCurrency, exchange_rate, ...values }: Input<typeof create_settlement>,
  lookup: RateLookup | null,
  now: string,
): Promise<SettlementRow> {
  const base = (await getTrip(tx, tripId)).currency
  const currency = givenCurrency ?? (await currencyOf(tx, tripId))
  await checkPeople(tx, tripId, values)
  return store.insertSettlement(tx, {
    ...values,
    ...frozenRate(base, currency, exchange_rate, lookup, now),
    currency,
    trip_id: tripId,
    created_at: now,
  })
}

async function changedSettlement(
  tx: Tx,
  { tripId, settlementId, currency, exchange_rate, ...values }: Input<typeof update_settlement>,
  lookup: RateLookup | null,
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
    ...(newRate && frozenRate(base, after, exchange_rate, lookup, now)),
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
