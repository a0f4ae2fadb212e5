import { implement } from '../../../core/run/feature.ts'
import { getDay } from '../../days/server/index.ts'
import { entryIn, refOf } from '../contract/entry.ts'
import * as contract from '../contract/index.ts'
import { entriesPlaced, entryFor } from './hooks.ts'
import { entriesOfDay, makePlace } from './order.ts'

export const handlers = implement(contract, {
  move_plan_entry: async ({ tx, emit, input: { tripId, dayId, entry: ref, ...spot } }) => {
    await getDay(tx, tripId, dayId)
    const answers = await emit(entryFor, { tripId, dayId, ...entryIn(ref) })
    const moving = answers.filter((entry) => entry !== null)
    const keys = await makePlace({ emit }, { tripId, dayId }, moving, spot)
    if (keys.size) await emit(entriesPlaced, { tripId, dayId, keys })
    return { dayId, entries: (await entriesOfDay({ emit }, { tripId, dayId })).map(refOf) }
  },
})
