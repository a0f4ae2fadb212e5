import { useEffect, useMemo } from 'react'
import { byOrder } from '../../../core/declare/order-key.ts'
import { useRows } from '../../../ui/live/hooks.tsx'
import { forget, useRead } from '../../../ui/query.ts'
import { Accommodation } from '../../accommodations/contract/index.ts'
import { Day } from '../../days/contract/index.ts'
import { bookingViews, firstDateOf } from '../../reservations/contract/booking.ts'
import { Reservation } from '../../reservations/contract/index.ts'
import { TripMember } from '../../trips/contract/index.ts'
import { usePeople } from '../../trips/web/people-picker.tsx'
import { useTrip } from '../../trips/web/trip-context.tsx'
import {
  BudgetItem,
  type BudgetItemRow,
  get_budget_per_person,
  get_settlement_summary,
  Settlement,
} from '../contract/index.ts'
import { converted, countedIn, major, minor } from '../contract/shares.ts'

/** The sum of some costs in the currency of the trip, and what it leaves out. */
export interface Sum {
  readonly total: number
  readonly left: readonly { currency: string; amount: number }[]
}

export function sumOf(items: readonly BudgetItemRow[], currency: string): Sum {
  let total = 0
  const left = new Map<string, number>()
  for (const item of items) {
    const units = minor(item.total_price, item.currency)
    const inTotal = converted(units, item, currency)
    if (inTotal === null) left.set(item.currency, (left.get(item.currency) ?? 0) + units)
    else total += inTotal
  }
  return {
    total: major(total, currency),
    left: [...left].map(([own, units]) => ({ currency: own, amount: major(units, own) })),
  }
}

/** The currency of all sums. */
export function useCurrency(): string {
  const trip = useTrip()
  return countedIn(useRows(BudgetItem), trip.currency)
}

/** The costs by category, in the order of the first cost of each. */
export function useItems(): readonly BudgetItemRow[] {
  const rows = useRows(BudgetItem)
  return useMemo(() => {
    const sorted = rows.toSorted(byOrder)
    return [...Map.groupBy(sorted, ({ category }) => category).values()].flat()
  }, [rows])
}

/** The date of a cost: its own, or else the first date of its booking. */
export function useDateOf(): (item: BudgetItemRow) => string | null {
  const bookings = useRows(Reservation)
  const stays = useRows(Accommodation)
  const days = useRows(Day)
  return useMemo(() => {
    const views = bookingViews(bookings, stays, days)
    const booked = new Map(views.map((booking) => [booking.id, firstDateOf(booking, days)]))
    return ({ expense_date, reservation_id }) => expense_date ?? booked.get(reservation_id ?? 0) ?? null
  }, [bookings, stays, days])
}

/** Who owes whom and what each person bears, kept up to date with costs and settlements. */
export function useStandings() {
  const trip = useTrip()
  const items = useRows(BudgetItem)
  const settlements = useRows(Settlement)
  const members = useRows(TripMember)
  const settlement = useRead(get_settlement_summary, { tripId: trip.id })
  const perPerson = useRead(get_budget_per_person, { tripId: trip.id })
  // biome-ignore lint/correctness/useExhaustiveDependencies: changed rows must trigger a new request
  useEffect(() => {
    const timer = setTimeout(() => void forget(get_settlement_summary, get_budget_per_person), 150)
    return () => clearTimeout(timer)
  }, [items, settlements, members, trip.currency])
  return { settlement, perPerson }
}

/** The name of anybody in the costs, including people who have left. */
export function useNames(): (userId: number) => string {
  const people = usePeople()
  const trip = useTrip()
  const { data } = useRead(get_budget_per_person, { tripId: trip.id })
  return useMemo(() => {
    const names = new Map([...(data?.people ?? []), ...people].map(({ user_id, name }) => [user_id, name]))
    return (userId) => names.get(userId) ?? '…'
  }, [people, data])
}
