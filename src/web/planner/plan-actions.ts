import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import {
  Assignment,
  assign_place_to_day,
  move_assignment,
  reorder_day_assignments,
  unassign_place,
  update_assignment_time,
} from '../../features/assignments/contract.ts'
import { tell } from '../design/toast.tsx'
import { inserted, patched, removed, useAct } from '../live/act.ts'
import { useDayName } from './day-name.ts'
import { movedTo, type PlannedStop } from './plan.ts'
import { usePlanner } from './planner.tsx'

export interface Times {
  place_time: string | null
  end_time: string | null
}

/** What can be done with the stops of a trip; each shows at once and can be undone. */
export function usePlanActions() {
  const { trip, plan } = usePlanner()
  const act = useAct()
  const dayName = useDayName()
  const { t } = useTranslation()
  return useMemo(() => {
    const tripId = trip.id
    const stopsOf = (dayId: number) => plan.find(({ day }) => day.id === dayId)?.stops ?? []
    const idsOf = (dayId: number) => stopsOf(dayId).map(({ stop }) => stop.id)
    const nameOf = (dayId: number) => {
      const found = plan.find(({ day }) => day.id === dayId)
      return found ? dayName(found.day) : ''
    }
    const numbered = (ids: readonly number[]) => ids.map((id, order_index) => patched(Assignment, id, { order_index }))

    async function put(
      placeId: number,
      dayId: number,
      index: number,
      more: Partial<Times> & { notes?: string | null } = {},
    ) {
      const order = idsOf(dayId)
      const guess = inserted(Assignment, {
        trip_id: tripId,
        day_id: dayId,
        place_id: placeId,
        order_index: index - 0.5,
        notes: more.notes ?? null,
        place_time: more.place_time ?? null,
        end_time: more.end_time ?? null,
        participant_ids: [],
        created_at: '',
      })
      const answer = await act(assign_place_to_day, { tripId, dayId, placeId, ...more }, [guess], (made) => [
        Assignment,
        { ...made.assignment, order_index: index - 0.5 },
      ])
      if (!answer) return null
      const { id } = answer.assignment
      if (index < order.length) {
        const moved = movedTo(order, id, index)
        await act(reorder_day_assignments, { tripId, dayId, assignmentIds: moved }, numbered(moved))
      }
      return id
    }

    async function take(stopId: number, dayId: number) {
      return act(unassign_place, { tripId, dayId, assignmentId: stopId }, [removed(Assignment, stopId)])
    }

    async function order(dayId: number, ids: number[]) {
      return act(reorder_day_assignments, { tripId, dayId, assignmentIds: ids }, numbered(ids))
    }

    async function carry(stopId: number, fromDay: number, toDay: number, index: number) {
      const target = movedTo(idsOf(toDay), stopId, index)
      const guesses = [patched(Assignment, stopId, { day_id: toDay, order_index: index }), ...numbered(target)]
      return act(
        move_assignment,
        { tripId, assignmentId: stopId, oldDayId: fromDay, newDayId: toDay, orderIndex: index },
        guesses,
      )
    }

    return {
      /** Puts a place on a day, before the stop at `index`. */
      async assign(placeId: number, dayId: number, index = idsOf(dayId).length) {
        const id = await put(placeId, dayId, index)
        if (id === null) return
        tell(t('plan.wasAdded', { day: nameOf(dayId) }), { undo: () => void take(id, dayId), undoLabel: t('undo') })
      },

      async unassign({ stop, place }: PlannedStop) {
        const index = idsOf(stop.day_id).indexOf(stop.id)
        if (!(await take(stop.id, stop.day_id))) return
        const { notes, place_time, end_time } = stop
        tell(t('plan.wasRemoved', { place: place.name }), {
          undo: () => void put(stop.place_id, stop.day_id, index, { notes, place_time, end_time }),
          undoLabel: t('undo'),
        })
      },

      /** Moves a stop before the one that is at `index` of a day now. */
      async move(stopId: number, fromDay: number, toDay: number, index: number) {
        const before = idsOf(fromDay)
        if (fromDay === toDay) {
          const after = movedTo(before, stopId, index)
          if (after.join() === before.join()) return
          if (!(await order(fromDay, after))) return
          tell(t('plan.wasReordered'), { undo: () => void order(fromDay, before), undoLabel: t('undo') })
          return
        }
        if (!(await carry(stopId, fromDay, toDay, index))) return
        tell(t('plan.wasMoved', { day: nameOf(toDay) }), {
          undo: () => void carry(stopId, toDay, fromDay, before.indexOf(stopId)),
          undoLabel: t('undo'),
        })
      },

      /** Changes the time or the note of a visit. */
      setVisit: (stopId: number, values: Partial<Times> & { notes?: string | null }) =>
        act(update_assignment_time, { tripId, assignmentId: stopId, ...values }, [patched(Assignment, stopId, values)]),
    }
  }, [trip.id, plan, act, dayName, t])
}
