import { keyAfter } from '../../../core/declare/order-key.ts'
import { implement } from '../../../core/run/feature.ts'
import { getTrip } from '../../trips/server/index.ts'
import {
  create_budget_item_with_members,
  set_budget_item_members,
  toggle_budget_member_paid,
} from '../contract/index.ts'
import { messages } from '../contract/messages.ts'
import { expenseAfter, namedIn, participantsOf } from './expense.ts'
import * as store from './store.ts'
import { tickedTwice } from './twice.ts'

const contract = { create_budget_item_with_members, set_budget_item_members, toggle_budget_member_paid }

/** The operations on the people who share an expense equally. */
export const bearerHandlers = implement(contract, {
  create_budget_item_with_members: async ({ tx, input, now }) => {
    const { tripId, userIds, total_price, payers, ...values } = input
    const { currency } = await getTrip(tx, tripId)
    const participants = await participantsOf(tx, tripId)
    participants.check('userIds', [...new Set(userIds)])
    const item = await store.insertItem(tx, {
      ...values,
      ...expenseAfter(null, { total_price, member_ids: userIds, payers }, currency, participants),
      trip_id: tripId,
      order_key: keyAfter(await store.lastKey(tx, tripId)),
      created_at: now,
    })
    return { item }
  },

  set_budget_item_members: async ({ tx, input: { tripId, itemId, userIds } }) => {
    const before = await store.getItem(tx, tripId, itemId)
    const participants = await participantsOf(tx, tripId, namedIn(before))
    participants.check('userIds', [...new Set(userIds)])
    const { members } = expenseAfter(before, { member_ids: userIds }, before.currency, participants)
    return { item: await store.patchItem(tx, before, { members }) }
  },

  toggle_budget_member_paid: async ({ tx, input: { tripId, itemId, memberId, paid } }) => {
    const item = await store.getItem(tx, tripId, itemId)
    const member = item.members.find(({ user_id }) => user_id === memberId)
    if (!member) {
      const bearers = item.members.map(({ user_id }) => user_id)
      throw bearers.length ? messages.bearerNotFound({ id: memberId, bearers }) : messages.nobodyBears()
    }
    const members = item.members.map((one) => (one === member ? { ...one, paid } : one))
    const after = await store.patchItem(tx, item, { members })
    return { member: { ...member, paid }, note: await tickedTwice(tx, after, memberId) }
  },
})
