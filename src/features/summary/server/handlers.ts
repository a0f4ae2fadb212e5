import type { ReadTx } from '../../../core/data/tx.ts'
import { invalidField } from '../../../core/declare/errors.ts'
import type { AnyOperation, Output } from '../../../core/declare/operation.ts'
import { type Call, implement } from '../../../core/run/feature.ts'
import { Listing } from '../../../core/run/paging.ts'
import { dayPlan, getDay, listDays } from '../../days/server/index.ts'
import { list_places } from '../../places/contract/index.ts'
import { fewPlaces, idsOnDays, listPlaceMarks, taggedPlaces, withTags } from '../../places/server/index.ts'
import { refOf } from '../../plan/contract/entry.ts'
import { entriesOfDay } from '../../plan/server/index.ts'
import type { PlacedBooking } from '../../reservations/contract/index.ts'
import { get_trip, list_trip_members } from '../../trips/contract/index.ts'
import type { SectionName } from '../../trips/contract/sections.ts'
import { membersOf, type Section, tripCard, tripSections } from '../../trips/server/index.ts'
import * as contract from '../contract/index.ts'
import { messages } from '../contract/messages.ts'
import { eachFitted, fitted } from './fit.ts'

/** The most that one day takes of an answer with other days, in bytes. */
const MOST_OF_A_DAY = 40_000

type Summary = Output<typeof contract.get_trip_summary>
type ReadCall = Call<{ tripId: number }, unknown, ReadTx>

export const handlers = implement(contract, {
  get_trip_summary: async (call) => {
    const { tx, input, member, barred } = call
    const { tripId } = input
    const trip = await tripCard(tx, tripId, member.role)
    const sections = (await sectionsOf(call)).filter(({ inSummary }) => inSummary)
    const included = sections.filter(({ omitted }) => !omitted)
    const values: [string, unknown][] = []
    const further = new Map<string, number>()
    for (const { name, read } of included) {
      const value = await read()
      if (!(value instanceof Listing)) {
        values.push([name, value])
        continue
      }
      // No section gets more room than a page.
      const { items, remaining } = await value.page({})
      values.push([name, items])
      further.set(name, remaining)
    }
    const withoutTrip = barred(get_trip)
    const summary: Summary = {
      trip: withoutTrip ? { id: trip.id, title: trip.title } : trip,
      ...Object.fromEntries(values),
      omitted: [
        ...(withoutTrip ? [{ section: 'trip', reason: messages.allButTitle({ reason: withoutTrip }).text }] : []),
        ...sections.flatMap(({ name, omitted }) => (omitted ? [{ section: name, reason: omitted }] : [])),
      ],
    }
    return fitted(summary, tripId, further)
  },

  read_trip_section: async (call) => {
    const { section: name, dayId } = call.input
    const sections = await sectionsOf(call)
    const section = sections.find((one) => one.name === name) as Section
    if (section.omitted) throw messages.sectionBarred({ section: name, reason: section.omitted })
    if (dayId !== undefined) {
      if (name !== 'days') throw invalidField('dayId', messages.dayOnlyOfDays())
      return { section: name, ...(await oneDay(call, sections, dayId)) }
    }
    if (name === 'days') {
      const { days, omitted } = eachFitted(
        await daysWithPlans(call, call.input.tripId),
        MOST_OF_A_DAY,
        call.input.tripId,
      )
      return { section: name, items: days, omitted }
    }
    return { section: name, ...listed(await section.read()), omitted: [] }
  },

  list_days: async (call) => {
    const { tripId } = call.input
    return eachFitted(await daysWithPlans(call, tripId), MOST_OF_A_DAY, tripId)
  },
})

/** Every section of a trip: those that features provide, and the ones the summary builds itself. */
async function sectionsOf(call: ReadCall): Promise<Section[]> {
  const { tx, input, caller, barred, emit } = call
  const { tripId } = input
  const own = (name: SectionName, reads: AnyOperation, read: Section['read']): Section => ({
    ...{ name, inSummary: true, read },
    omitted: barred(reads)?.text ?? null,
  })
  return [
    own('members', list_trip_members, async () => {
      const { owner, members } = await membersOf(tx, tripId)
      return { owner, collaborators: members }
    }),
    own('days', contract.list_days, () => daysWithPlans(call, tripId)),
    own('unassigned_places', list_places, () => unassigned(call, tripId, caller.userId)),
    ...(await emit(tripSections, { tripId })),
  ]
}

type Items = Output<typeof contract.read_trip_section>['items']
type Listed = { items: Items | Listing<Items[number]> } & Pick<Output<typeof contract.read_trip_section>, 'currency'>

/** A section as a list. */
function listed(value: unknown): Listed {
  if (Array.isArray(value) || value instanceof Listing) return { items: value }
  const { owner, collaborators, items, currency } = value as {
    owner?: Items[number]
    collaborators?: Items
  } & Listed
  return { items: owner && collaborators ? [owner, ...collaborators] : items, ...(currency && { currency }) }
}

/** A day with its entries in order, as one list. */
async function oneDay(call: ReadCall, sections: readonly Section[], dayId: number) {
  const { tx, emit, input } = call
  const { tripId } = input
  const day = await getDay(tx, tripId, dayId)
  const plans = Object.fromEntries(
    (await emit(dayPlan, { tripId, dayId })).map(({ name, byDay }) => [name, byDay.get(dayId) ?? []]),
  ) as Pick<contract.DayPlan, 'assignments' | 'notes'>
  const bookings = sections.find(({ name }) => name === 'reservations') as Section
  const rows = {
    stop: byId(plans.assignments),
    note: byId(plans.notes),
    booking: byId(bookings.omitted ? [] : ((await bookings.read()) as PlacedBooking[])),
  }
  const items = (await entriesOfDay({ emit }, { tripId, dayId })).flatMap(({ kind, id }) => {
    const row = rows[kind].get(id)
    return row ? [{ entry: refOf({ kind, id }), ...row }] : []
  })
  return { day, items, omitted: bookings.omitted ? [{ section: 'reservations', reason: bookings.omitted }] : [] }
}

const byId = <R extends { id: number }>(rows: readonly R[]): ReadonlyMap<number, { id: number }> =>
  new Map(rows.map((row) => [row.id, row]))

type PlanCall = Pick<ReadCall, 'tx' | 'emit'>

/** The days of a trip, each with the plans of all features. */
export async function daysWithPlans({ tx, emit }: PlanCall, tripId: number): Promise<contract.DayPlan[]> {
  const plans = await emit(dayPlan, { tripId })
  return (await listDays(tx, tripId)).map((day) => {
    const lists = plans.map(({ name, byDay }) => [name, byDay.get(day.id) ?? []])
    return { ...day, ...Object.fromEntries(lists) }
  })
}

async function unassigned({ tx, emit }: PlanCall, tripId: number, userId: number) {
  const onDays = await idsOnDays(emit, tripId)
  const waits = ({ id }: { id: number }) => !onDays.has(id)
  const few = await fewPlaces(tx, tripId)
  if (few) return withTags(tx, tripId, userId, few.filter(waits))
  const waiting = (await listPlaceMarks(tx, tripId, [])).filter(waits)
  return taggedPlaces(
    tx,
    tripId,
    userId,
    waiting.map(({ id }) => id),
  )
}
