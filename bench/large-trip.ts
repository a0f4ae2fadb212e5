import { newCommit } from '../src/core/data/commit.ts'
import type { Database } from '../src/core/data/database.ts'
import { keysAfter } from '../src/core/declare/order-key.ts'
import { Assignment } from '../src/features/assignments/contract/index.ts'
import { BudgetItem } from '../src/features/budget/contract/index.ts'
import { CollabMessage } from '../src/features/collab/contract/index.ts'
import { Day } from '../src/features/days/contract/index.ts'
import { Place } from '../src/features/places/contract/index.ts'

/** The size of a very large trip; every fifth place has a stop. */
export const LARGE = { places: 10_000, expenses: 5_000, messages: 5_000, stops: 2_000 }

const AT = '2027-01-01T12:00:00.000Z'
const AUTHOR = { name: '', way: 'cli', client: null, grant: null, operation: 'seed' } as const

/** Fills a trip through the tracked tables, in a few transactions. With the tools it would take an hour. */
export async function fillLargeTrip(database: Database, tripId: number, userIds: readonly number[]): Promise<void> {
  const [owner] = userIds as [number]
  const days = await database.read((tx) => tx.list(Day, { trip_id: tripId }))
  await inBatches(LARGE.places, (tx, at) =>
    tx.insert(Place, {
      trip_id: tripId,
      name: `Place ${at}`,
      description: 'Somewhere that somebody in the group wants to see.',
      lat: 35 + at / 1e5,
      lng: 135.7 + (at % 100) / 1e3,
      address: `${at} Karasuma-dōri, Kyoto`,
      created_at: AT,
    }),
  )
  const places = await database.read((tx) => tx.list(Place, { trip_id: tripId }))
  const keys = keysAfter('c000', Math.ceil(LARGE.stops / days.length))
  await inBatches(LARGE.stops, (tx, at) =>
    tx.insert(Assignment, {
      trip_id: tripId,
      day_id: days[at % days.length]?.id,
      place_id: places[at]?.id,
      // After the existing entries of the days.
      order_key: keys[Math.floor(at / days.length)],
      place_time: '09:00',
      created_at: AT,
    }),
  )
  const [last] = await database.read((tx) => tx.list(BudgetItem, { trip_id: tripId }, ['order_key desc'], 1))
  const further = keysAfter(last?.order_key ?? null, LARGE.expenses)
  await inBatches(LARGE.expenses, (tx, at) =>
    tx.insert(BudgetItem, {
      trip_id: tripId,
      name: `Expense ${at}`,
      category: ['food', 'transport', 'activities'][at % 3] as string,
      total_price: 10 + (at % 100) / 100,
      currency: 'EUR',
      payers: [{ user_id: userIds[at % userIds.length] as number, amount: 10 + (at % 100) / 100 }],
      members: userIds.map((user_id) => ({ user_id, amount: null, weight: 1, paid: false })),
      order_key: further[at],
      created_at: AT,
    } as never),
  )
  await inBatches(LARGE.messages, (tx, at) =>
    tx.insert(CollabMessage, {
      trip_id: tripId,
      author_id: userIds[at % userIds.length] as number,
      text: `Message ${at}: what about the place with the garden?`,
      reply_to: null,
      reactions: [],
      deleted: false,
      created_at: AT,
    }),
  )

  async function inBatches(count: number, insert: (tx: WriteTx, at: number) => Promise<unknown>): Promise<void> {
    for (let start = 0; start < count; start += 1000) {
      await database.write({ space: 'trip', id: tripId }, async (tx) => {
        for (let at = start; at < Math.min(count, start + 1000); at++) await insert(tx, at)
        await tx.writeLog({ ...AUTHOR, user_id: owner }, newCommit({ space: 'trip', id: tripId }))
      })
    }
  }
}

type WriteTx = Parameters<Parameters<Database['write']>[1]>[0]
