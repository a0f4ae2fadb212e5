import { implement } from '../../../core/run/feature.ts'
import { tripNews } from '../../notifications/server/index.ts'
import { get_packing_category_assignees, set_packing_category_assignees } from '../contract/index.ts'
import { packingTagged } from '../contract/news.ts'
import { assignedIn, checkedMembers, peopleOf } from './people.ts'
import * as store from './store.ts'

const contract = { get_packing_category_assignees, set_packing_category_assignees }

export const categoryHandlers = implement(contract, {
  get_packing_category_assignees: async ({ tx, input: { tripId } }) => ({
    assignees: await assignedIn(tx, await store.listAssignees(tx, tripId)),
  }),

  set_packing_category_assignees: async ({ tx, input: { tripId, categoryName, userIds }, caller, emit }) => {
    const user_ids = await checkedMembers(tx, tripId, userIds, 'userIds')
    const before = await store.findAssignees(tx, tripId, categoryName)
    await store.writeAssignees(tx, tripId, categoryName, before, user_ids)
    const to = user_ids.filter((userId) => userId !== caller.userId && !before?.user_ids.includes(userId))
    if (to.length) await emit(tripNews, { tripId, event: packingTagged, to, about: categoryName })
    const assigneesOf = await peopleOf(tx, [user_ids], (ids) => ids)
    return { category: categoryName, assignees: assigneesOf(user_ids) }
  },
})
