import { useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { tell } from '../../../ui/design/toast.tsx'
import { inserted, patched, removed, useAct } from '../../../ui/live/act.ts'
import {
  Assignment,
  assign_place_to_day,
  move_assignment,
  set_assignment_participants,
  unassign_place,
  update_assignment_time,
} from '../../assignments/contract/index.ts'
import { DayNote } from '../../day-notes/contract/index.ts'
import { useDayName } from '../../days/web/day-name.ts'
import { Reservation, reorder_reservations } from '../../reservations/contract/index.ts'
import type { DayBooking } from '../../reservations/web/on-day.ts'
import { useTrip } from '../../trips/web/trip-context.tsx'
import { useNoteMoves } from './note-actions.ts'
import type { PlannedStop } from './plan.ts'
import { usePlanner } from './planner.tsx'
import {
  bookingKey,
  type Entry,
  gapFor,
  gapOfStop,
  indexByTime,
  type Landing,
  landingAt,
  shifted,
  staysPut,
  stopKey,
} from './timeline.ts'

export interface Times {
  place_time: string | null
  end_time: string | null
}

type Visit = Partial<Times> & { notes?: string | null }

/** What can be done with the stops and bookings of a trip; each shows at once and can be undone. */
export function usePlanActions() {
  const trip = useTrip()
  const { plan } = usePlanner()
  const act = useAct()
  const dayName = useDayName()
  const { t } = useTranslation()
  const { moveNotes } = useNoteMoves()
  // Undoing happens later, in the plan as it is then.
  const latest = useRef(plan)
  latest.current = plan
  return useMemo(() => {
    const tripId = trip.id
    const dayOf = (dayId: number) => latest.current.find(({ day }) => day.id === dayId)
    const entriesOf = (dayId: number) => dayOf(dayId)?.entries ?? []
    const stopsOf = (dayId: number) => dayOf(dayId)?.stops ?? []
    const indexOf = (dayId: number, key: string) => entriesOf(dayId).findIndex((entry) => entry.key === key)
    const nameOf = (dayId: number) => {
      const found = dayOf(dayId)
      return found ? dayName(found.day) : ''
    }
    const numbered = (ids: readonly number[]) => ids.map((id, order_index) => patched(Assignment, id, { order_index }))
    const follow = (dayId: number, where: (position: number) => number) =>
      entriesOf(dayId).flatMap((entry) =>
        entry.kind === 'note' ? [patched(DayNote, entry.note.id, { position: where(entry.note.position) })] : [],
      )

    /** Keeps what stood above and below a stop that came to a slot there, where the server would see no difference. */
    async function settle(dayId: number, { slot, above, below }: Landing, onServer: (position: number) => number) {
      const wanted = [
        ...above.map((entry) => [entry, slot] as const),
        ...below.map((entry) => [entry, slot + 1] as const),
      ]
      await moveNotes(
        dayId,
        wanted.flatMap(([entry, position]) =>
          entry.kind === 'note' && onServer(entry.note.position) !== position ? [{ note: entry.note, position }] : [],
        ),
      )
      const positions = wanted.flatMap(([entry, day_plan_position]) =>
        entry.kind === 'booking' && entry.onDay.position !== null
          ? [{ id: entry.onDay.booking.id, day_plan_position }]
          : [],
      )
      if (positions.length) await act(reorder_reservations, { tripId, dayId, positions })
    }

    const landed =
      ({ slot, below }: Landing, then: (position: number) => number) =>
      (entry: Entry, position: number) =>
        below.includes(entry) ? slot + 1 : then(position)

    async function put(placeId: number, dayId: number, gap: number, more: Visit = {}) {
      const landing = landingAt(entriesOf(dayId), gap, '')
      const count = stopsOf(dayId).length
      const { slot } = landing
      const where = landed(landing, (position) => shifted(position, slot, 1))
      const guesses = [
        inserted(Assignment, {
          trip_id: tripId,
          day_id: dayId,
          place_id: placeId,
          order_index: slot - 0.5,
          notes: more.notes ?? null,
          place_time: more.place_time ?? null,
          end_time: more.end_time ?? null,
          participant_ids: [],
          created_at: '',
        }),
        ...entriesOf(dayId).flatMap((entry) =>
          entry.kind === 'note'
            ? [patched(DayNote, entry.note.id, { position: where(entry, entry.note.position) })]
            : [],
        ),
      ]
      const answer = await act(assign_place_to_day, { tripId, dayId, placeId, ...more }, guesses, (made) => [
        Assignment,
        { ...made.assignment, order_index: slot - 0.5 },
      ])
      if (!answer) return null
      const { id } = answer.assignment
      if (slot < count) {
        const order = stopsOf(dayId).flatMap(({ stop }) => (stop.id > 0 && stop.id !== id ? [stop.id] : []))
        const to = { tripId, assignmentId: id, oldDayId: dayId, newDayId: dayId, orderIndex: slot }
        await act(move_assignment, to, numbered(order.toSpliced(slot, 0, id)))
      }
      await settle(dayId, landing, (position) => (slot < count ? shifted(position, slot, 1) : position))
      return id
    }

    const take = ({ id, day_id: dayId, order_index }: { id: number; day_id: number; order_index: number }) =>
      act(unassign_place, { tripId, dayId, assignmentId: id }, [
        removed(Assignment, id),
        ...follow(dayId, (position) => shifted(position, order_index, -1)),
      ])

    async function carry(stopId: number, fromDay: number, toDay: number, gap: number) {
      const key = stopKey(stopId)
      const landing = landingAt(entriesOf(toDay), gap, key)
      const { slot } = landing
      const from = stopsOf(fromDay).findIndex(({ stop }) => stop.id === stopId)
      const idsOf = (dayId: number) => stopsOf(dayId).flatMap(({ stop }) => (stop.id === stopId ? [] : [stop.id]))
      const isHere = fromDay === toDay
      const onServer = (position: number) => {
        if (isHere && from === slot) return position
        return shifted(isHere ? shifted(position, from, -1) : position, slot, 1)
      }
      const where = landed(landing, onServer)
      const notes = entriesOf(toDay).flatMap((entry) => {
        if (entry.kind !== 'note') return []
        const position = landing.above.includes(entry) ? slot : where(entry, entry.note.position)
        return [patched(DayNote, entry.note.id, { position })]
      })
      const guesses = [
        patched(Assignment, stopId, { day_id: toDay }),
        ...numbered(idsOf(toDay).toSpliced(slot, 0, stopId)),
        ...notes,
        ...(isHere ? [] : [...numbered(idsOf(fromDay)), ...follow(fromDay, (position) => shifted(position, from, -1))]),
      ]
      const to = { tripId, assignmentId: stopId, oldDayId: fromDay, newDayId: toDay, orderIndex: slot }
      const answer = await act(move_assignment, to, guesses)
      if (answer) await settle(toDay, landing, onServer)
      return answer
    }

    /** Moves a stop and says so; undoing puts it back where it was among everything else. */
    async function move(stopId: number, fromDay: number, toDay: number, gap: number, said?: string) {
      const key = stopKey(stopId)
      if (fromDay === toDay && staysPut(entriesOf(fromDay), gap, key)) return
      const rank = indexOf(fromDay, key)
      if (!(await carry(stopId, fromDay, toDay, gap))) return
      const words = said ?? (fromDay === toDay ? t('plan.wasReordered') : t('plan.wasMoved', { day: nameOf(toDay) }))
      tell(words, {
        undo: () => void carry(stopId, toDay, fromDay, gapFor(entriesOf(fromDay), key, rank)),
        undoLabel: t('undo'),
      })
    }

    async function placeBooking({ booking }: DayBooking, dayId: number, gap: number) {
      const { slot, above, below } = landingAt(entriesOf(dayId), gap, bookingKey(booking.id))
      const guess =
        booking.day_id === dayId
          ? { day_plan_position: slot }
          : { day_positions: { ...booking.day_positions, [dayId]: slot } }
      const positions = [{ id: booking.id, day_plan_position: slot }]
      if (!(await act(reorder_reservations, { tripId, dayId, positions }, [patched(Reservation, booking.id, guess)])))
        return
      if ([...above, ...below].some((entry) => entry.kind === 'booking')) return
      const side = (entries: readonly Entry[], before_bookings: boolean) =>
        entries.flatMap((entry) =>
          entry.kind === 'note' && entry.note.before_bookings !== before_bookings
            ? [{ note: { ...entry.note, before_bookings }, position: slot }]
            : [],
        )
      await moveNotes(dayId, [...side(above, true), ...side(below, false)])
    }

    return {
      /** Puts a place on a day, before the entry at `gap` of its timeline. */
      async assign(placeId: number, dayId: number, gap = entriesOf(dayId).length) {
        const id = await put(placeId, dayId, gap)
        if (id === null) return
        const undo = () => {
          const made = stopsOf(dayId).find(({ stop }) => stop.id === id)
          if (made) void take(made.stop)
        }
        tell(t('plan.wasAdded', { day: nameOf(dayId) }), { undo, undoLabel: t('undo') })
      },

      /** Puts several places on a day, one after the other. */
      async assignAll(placeIds: readonly number[], dayId: number) {
        const made: number[] = []
        for (const placeId of placeIds) {
          const id = await put(placeId, dayId, entriesOf(dayId).length)
          if (id === null) break
          made.push(id)
        }
        if (!made.length) return
        const undo = async () => {
          for (const id of made) {
            const found = stopsOf(dayId).find(({ stop }) => stop.id === id)
            if (found) await take(found.stop)
          }
        }
        tell(t('plan.wereAdded', { count: made.length, day: nameOf(dayId) }), {
          undo: () => void undo(),
          undoLabel: t('undo'),
        })
      },

      async unassign({ stop, place }: PlannedStop) {
        const gap = indexOf(stop.day_id, stopKey(stop.id))
        if (!(await take(stop))) return
        const { notes, place_time, end_time, participant_ids } = stop
        const undo = async () => {
          const id = await put(stop.place_id, stop.day_id, gap, { notes, place_time, end_time })
          if (id !== null && participant_ids.length) {
            await act(set_assignment_participants, { tripId, assignmentId: id, userIds: participant_ids })
          }
        }
        tell(t('plan.wasRemoved', { place: place.name }), { undo: () => void undo(), undoLabel: t('undo') })
      },

      move,

      /** Moves a booking within its day. */
      async moveBooking(onDay: DayBooking, dayId: number, gap: number) {
        const key = bookingKey(onDay.booking.id)
        if (staysPut(entriesOf(dayId), gap, key)) return
        const rank = indexOf(dayId, key)
        await placeBooking(onDay, dayId, gap)
        tell(t('plan.wasReordered'), {
          undo: () => void placeBooking(onDay, dayId, gapFor(entriesOf(dayId), key, rank)),
          undoLabel: t('undo'),
        })
      },

      /** Changes the time or the note of a visit; with a new time it goes where it belongs. */
      async setVisit(stop: PlannedStop['stop'], values: Visit) {
        const input = { tripId, assignmentId: stop.id, ...values }
        const done = await act(update_assignment_time, input, [patched(Assignment, stop.id, values)])
        if (!done || !values.place_time || values.place_time === stop.place_time) return
        const { day_id: dayId } = done.assignment
        const index = indexByTime(stopsOf(dayId), stop.id, values.place_time)
        if (index === null) return
        const gap = gapOfStop(entriesOf(dayId), stopKey(stop.id), index)
        await move(stop.id, dayId, dayId, gap, t('plan.wasSorted'))
      },

      /** Says who comes along to a stop; nobody in particular is everybody. */
      setParticipants: (stopId: number, userIds: readonly number[]) =>
        act(set_assignment_participants, { tripId, assignmentId: stopId, userIds: [...userIds] }, [
          patched(Assignment, stopId, { participant_ids: [...userIds] }),
        ]),
    }
  }, [trip.id, act, dayName, t, moveNotes])
}
