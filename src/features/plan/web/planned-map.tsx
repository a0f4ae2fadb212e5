import { useMemo } from 'react'
import type { Covered, NumberedPin, Pin } from '../../../ui/map/pins.ts'
import { phaseOn } from '../../reservations/contract/on-day.ts'
import { useBookings, useDays } from '../../reservations/web/bookings.ts'
import type { Asks } from './asks.ts'
import { TripMap } from './map/trip-map.tsx'
import { waysOf } from './map/ways.ts'
import { usePlanner } from './planner.tsx'

const WITHOUT_CATEGORY = '#7a7567'

/** The map with the places of the trip and the stops of the chosen day. */
export function PlannedMap({ asks, covered }: { asks: Asks; covered?: Covered }) {
  const { plan, places, categories, dayId, focus, setFocus, rights } = usePlanner()
  const pins = useMemo(
    () =>
      places.flatMap(({ id, name, lat, lng, category_id }): Pin[] => {
        if (lat === null || lng === null) return []
        const colour = (category_id !== null && categories.get(category_id)?.color) || WITHOUT_CATEGORY
        return [{ id, name, lat, lng, colour }]
      }),
    [places, categories],
  )
  const stops = useMemo(() => {
    const pinById = new Map(pins.map((pin) => [pin.id, pin]))
    const planned = plan.find(({ day }) => day.id === dayId)?.stops ?? []
    return planned.flatMap(({ stop, place, number }): NumberedPin[] => {
      const pin = pinById.get(place.id)
      return pin ? [{ ...pin, key: String(stop.id), number }] : []
    })
  }, [plan, dayId, pins])
  const bookings = useBookings()
  const days = useDays()
  const ways = useMemo(() => {
    const onDay = bookings.filter((booking) => dayId !== null && phaseOn(booking, dayId, days))
    return waysOf(bookings, new Set(onDay.map(({ id }) => id)))
  }, [bookings, days, dayId])
  return (
    <TripMap
      pins={pins}
      covered={covered}
      stops={stops}
      ways={ways}
      open={focus?.placeId ?? null}
      day={dayId}
      onOpen={(placeId) => setFocus({ placeId, stopId: null })}
      onStop={(key) => {
        const stop = stops.find((pin) => pin.key === key)
        if (stop) setFocus({ placeId: stop.id, stopId: Number(key) })
      }}
      onAddAt={rights.places ? asks.addPlace : undefined}
    />
  )
}
