import { type ReactNode, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { AnyEntity } from '../../core/declare/entity.ts'
import { Accommodation } from '../../features/accommodations/contract/index.ts'
import { BudgetItem, Settlement } from '../../features/budget/contract/index.ts'
import { categoryName } from '../../features/budget/web/categories.tsx'
import { Day } from '../../features/days/contract/index.ts'
import { useDayName } from '../../features/days/web/day-name.ts'
import { TripFile } from '../../features/files/contract/index.ts'
import { PackingBag, PackingItem } from '../../features/packing/contract/index.ts'
import { Place } from '../../features/places/contract/index.ts'
import { Reservation } from '../../features/reservations/contract/index.ts'
import { Todo } from '../../features/todos/contract/index.ts'
import { usePeople } from '../../features/trips/web/people-picker.tsx'
import { type ShownValue, ShownValues } from '../../ui/form/overlaps.tsx'
import { useRows } from '../../ui/live/hooks.tsx'
import { listOf } from '../../ui/message.ts'

/** What the fields of each kind of row refer to, for the forms that change them. */
const REFS = new Map<string, AnyEntity['refs']>(
  [Accommodation, BudgetItem, PackingBag, PackingItem, Reservation, Settlement, Todo, TripFile].map(
    ({ name, refs }) => [name, refs],
  ),
)

/** Names for what the fields of a trip refer to: people, days, places, bookings and bags. */
export function TripValues({ children }: { children: ReactNode }) {
  const people = usePeople()
  const [bags, places, bookings, days] = [useRows(PackingBag), useRows(Place), useRows(Reservation), useRows(Day)]
  const dayName = useDayName()
  const { t } = useTranslation()
  const valueText = useMemo<ShownValue>(() => {
    const names: Record<string, (id: unknown) => string | undefined> = {
      member: (id) => people.find(({ user_id }) => user_id === id)?.name,
      packing_bag: (id) => bags.find((bag) => bag.id === id)?.name,
      place: (id) => places.find((place) => place.id === id)?.name,
      reservation: (id) => bookings.find((booking) => booking.id === id)?.title,
      day: (id) => days.filter((day) => day.id === id).map((day) => dayName(day))[0],
    }
    // Values that have their own texts in the forms.
    const words: Record<string, (value: string) => string> = {
      'reservation status': (status) => t(`bookings.status.${status}`),
      'reservation type': (type) => t(`bookings.type.${type}`),
      'todo priority': (priority) => t(`todos.priorities.${priority}`),
      'packing_item visibility': (visibility) => t(`packing.${visibility}`),
      'budget_item category': (category) => categoryName(t, category),
    }
    // A payer or bearer is a person with an amount.
    const idOf = (one: unknown) => (one as { user_id?: unknown } | null)?.user_id ?? one
    return ({ entity, field }, value) => {
      const wordOf = words[`${entity} ${field}`]
      if (wordOf && value !== null) return wordOf(String(value))
      const nameOf = names[REFS.get(entity)?.[field] ?? '']
      if (!nameOf || value === null) return undefined
      const labels = [value].flat().map((one) => nameOf(idOf(one)))
      return labels.length && labels.every((name) => name !== undefined) ? listOf(labels) : undefined
    }
  }, [people, bags, places, bookings, days, dayName, t])
  return <ShownValues value={valueText}>{children}</ShownValues>
}
