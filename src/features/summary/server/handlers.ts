import type { ReadTx } from '../../../core/data/tx.ts'
import type { Output } from '../../../core/declare/operation.ts'
import { type Call, implement } from '../../../core/run/feature.ts'
import { dayPlan, listDays } from '../../days/server/index.ts'
import { list_places } from '../../places/contract/index.ts'
import { idsOnDays, listPlaces, withTags } from '../../places/server/index.ts'
import { membersOf, tripCard, tripSummary } from '../../trips/server/index.ts'
import * as contract from '../contract/index.ts'
import { fitted, fittedDays, stopsLeftOut } from './fit.ts'

/** So much of one day is told at most, in bytes: a page holds at least one day. */
const MOST_OF_A_DAY = 60_000

type Summary = Output<typeof contract.get_trip_summary>

export const handlers = implement(contract, {
  get_trip_summary: async (call) => {
    const { tx, input, caller, member, barred, emit } = call
    const { tripId } = input
    const trip = await tripCard(tx, tripId, member.role)
    const tripsBarred = barred(contract.list_days)
    const placesBarred = barred(list_places)
    const sections = await emit(tripSummary, { tripId })
    const summary: Summary = {
      trip: tripsBarred ? { id: trip.id, title: trip.title } : trip,
      ...(!tripsBarred && { members: await collaborators(tx, tripId), days: await daysWithPlans(call, tripId) }),
      ...(!placesBarred && { unassigned_places: await unassigned(call, tripId, caller.userId) }),
      ...Object.fromEntries(sections.flatMap(({ name, value, omitted }) => (omitted ? [] : [[name, value]]))),
      omitted: [
        ...['members', 'days'].flatMap((section) => (tripsBarred ? [{ section, reason: tripsBarred }] : [])),
        ...(placesBarred ? [{ section: 'unassigned_places', reason: placesBarred }] : []),
        ...sections.flatMap(({ name, omitted }) => (omitted ? [{ section: name, reason: omitted }] : [])),
      ],
    }
    return fitted(summary)
  },

  list_days: async (call) => {
    const all = await daysWithPlans(call, call.input.tripId)
    const days = all.flatMap((day) => fittedDays([day], MOST_OF_A_DAY))
    return { days, omitted: stopsLeftOut(all, days) }
  },
})

type ReadCall = Pick<Call<unknown, unknown, ReadTx>, 'tx' | 'emit'>

async function collaborators(tx: ReadTx, tripId: number) {
  const { owner, members } = await membersOf(tx, tripId)
  return { owner, collaborators: members }
}

/** The days of a trip, each with everything that features have planned on it. */
export async function daysWithPlans({ tx, emit }: ReadCall, tripId: number): Promise<contract.DayPlan[]> {
  const plans = await emit(dayPlan, { tripId })
  return (await listDays(tx, tripId)).map((day) => {
    const lists = plans.map(({ name, byDay }) => [name, byDay.get(day.id) ?? []])
    return { ...day, ...Object.fromEntries(lists) }
  })
}

async function unassigned({ tx, emit }: ReadCall, tripId: number, userId: number) {
  const onDays = await idsOnDays(emit, tripId)
  const places = (await listPlaces(tx, tripId)).filter((place) => !onDays.has(place.id))
  return withTags(tx, tripId, userId, places)
}
