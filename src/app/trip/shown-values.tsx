import { type ReactNode, useMemo } from 'react'
import { Day } from '../../features/days/contract/index.ts'
import { useDayName } from '../../features/days/web/day-name.ts'
import { PackingBag } from '../../features/packing/contract/index.ts'
import { Place } from '../../features/places/contract/index.ts'
import { Reservation } from '../../features/reservations/contract/index.ts'
import { usePeople } from '../../features/trips/web/people-picker.tsx'
import { type ShownValue, ShownValues } from '../../ui/form/overlaps.tsx'
import { useRows } from '../../ui/live/hooks.tsx'

/** Calls what the fields of a trip refer to by its name: people, days, places, bookings and bags. */
export function TripValues({ children }: { children: ReactNode }) {
  const people = usePeople()
  const [bags, places, bookings, days] = [useRows(PackingBag), useRows(Place), useRows(Reservation), useRows(Day)]
  const dayName = useDayName()
  const shown = useMemo<ShownValue>(() => {
    const names: [RegExp, (id: unknown) => string | undefined][] = [
      [
        /user_id|^(shared_with|member_ids|participant_ids|payers|members)$/,
        (id) => people.find(({ user_id }) => user_id === id)?.name,
      ],
      [/^bag_id$/, (id) => bags.find((bag) => bag.id === id)?.name],
      [/^place_ids?$/, (id) => places.find((place) => place.id === id)?.name],
      [/^reservation_ids$/, (id) => bookings.find((booking) => booking.id === id)?.title],
      [/(^|_)day_id$/, (id) => days.filter((day) => day.id === id).map((day) => dayName(day))[0]],
    ]
    const idOf = (one: unknown) => (one as { user_id?: unknown } | null)?.user_id ?? one
    return (field, value) => {
      const nameOf = names.find(([fields]) => fields.test(field))?.[1]
      if (!nameOf || value === null) return undefined
      const found = [value].flat().map((one) => nameOf(idOf(one)))
      return found.length && found.every((name) => name !== undefined) ? found.join(', ') : undefined
    }
  }, [people, bags, places, bookings, days, dayName])
  return <ShownValues value={shown}>{children}</ShownValues>
}
