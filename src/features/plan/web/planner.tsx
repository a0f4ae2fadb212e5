import { createContext, type ReactNode, use, useCallback, useMemo, useRef, useState } from 'react'
import type { Row } from '../../../core/declare/entity.ts'
import { today } from '../../../ui/dates.ts'
import { useRows } from '../../../ui/live/hooks.tsx'
import { useRead } from '../../../ui/query.ts'
import { Accommodation, type AccommodationRow } from '../../accommodations/contract/index.ts'
import { staysOnDay } from '../../accommodations/web/phase.ts'
import { Assignment } from '../../assignments/contract/index.ts'
import { DayNote } from '../../day-notes/contract/index.ts'
import { Day } from '../../days/contract/index.ts'
import { type Category, list_categories, Place } from '../../places/contract/index.ts'
import { bookingViews } from '../../reservations/contract/booking.ts'
import { Reservation } from '../../reservations/contract/index.ts'
import { bookingsOnDay } from '../../reservations/contract/on-day.ts'
import { entriesOf, type PlanEntry } from './entries.ts'
import { type PlaceRow, type PlannedDay, planOf } from './plan.ts'
import { type PlanRights, useMyPlanRights } from './rights.ts'

export type CategoryRow = Row<typeof Category>

/** The open place, and which visit if it was chosen on a day. */
export interface Focus {
  readonly placeId: number
  readonly stopId: number | null
}

/** A day with all its entries in order. */
export interface DayTimeline extends PlannedDay {
  readonly entries: readonly PlanEntry[]
  /** The stays on the day. */
  readonly stays: readonly AccommodationRow[]
}

interface Planner {
  readonly plan: readonly DayTimeline[]
  /** The plan at the moment of the call, even after it has left the screen. */
  planNow(): readonly DayTimeline[]
  readonly places: readonly PlaceRow[]
  readonly categories: ReadonlyMap<number, CategoryRow>
  /** The day that the map shows. */
  readonly dayId: number | null
  chooseDay(dayId: number | null): void
  readonly focus: Focus | null
  setFocus(focus: Focus | null): void
  readonly rights: PlanRights
}

const PlannerContext = createContext<Planner | null>(null)

/** Provides the plan of the surrounding trip, and the current choice in it. */
export function PlannerProvider({ children }: { children: ReactNode }) {
  const days = useRows(Day)
  const stops = useRows(Assignment)
  const places = useRows(Place)
  const notes = useRows(DayNote)
  const booked = useRows(Reservation)
  const lodgings = useRows(Accommodation)
  const known = useRead(list_categories, {})
  const rights = useMyPlanRights()
  const [chosen, setChosen] = useState<number | null | undefined>(undefined)
  const [focus, setFocus] = useState<Focus | null>(null)

  const plan = useMemo(() => {
    const bookings = bookingViews(booked, lodgings, days)
    const notesOf = Map.groupBy(notes, (note) => note.day_id)
    return planOf(days, stops, places).map(
      (planned): DayTimeline => ({
        ...planned,
        entries: entriesOf(
          planned.stops,
          notesOf.get(planned.day.id) ?? [],
          bookingsOnDay(bookings, planned.day.id, days),
        ),
        stays: staysOnDay(lodgings, planned.day.id, days).map(({ stay }) => stay),
      }),
    )
  }, [days, stops, places, notes, booked, lodgings])
  const latest = useRef(plan)
  latest.current = plan
  const planNow = useCallback(() => latest.current, [])
  const categories = useMemo(
    () => new Map((known.data?.categories ?? []).map((category) => [category.id, category])),
    [known.data],
  )
  // During the trip today is chosen; before and after, the first day.
  const usual = plan.find(({ day }) => day.date === today()) ?? plan[0]
  const dayId =
    chosen === undefined || (chosen !== null && !plan.some(({ day }) => day.id === chosen))
      ? (usual?.day.id ?? null)
      : chosen
  const chooseDay = useCallback((next: number | null) => setChosen(next), [])
  const open = focus && places.some((place) => place.id === focus.placeId) ? focus : null

  const value = useMemo(
    () => ({ plan, planNow, places, categories, dayId, chooseDay, focus: open, setFocus, rights }),
    [plan, planNow, places, categories, dayId, chooseDay, open, rights],
  )
  return <PlannerContext value={value}>{children}</PlannerContext>
}

export function usePlanner(): Planner {
  const planner = use(PlannerContext)
  if (!planner) throw new Error('There is no planner above this component')
  return planner
}
