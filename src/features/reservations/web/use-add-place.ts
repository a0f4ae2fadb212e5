import { useAct } from '../../../ui/live/act.ts'
import { create_place, Place, type TaggedPlace } from '../../places/contract/index.ts'
import { useTrip } from '../../trips/web/trip-context.tsx'

/** Makes a place of the trip with this name; null if it was refused, which is then shown. */
export function useAddPlace(): (name: string) => Promise<TaggedPlace | null> {
  const trip = useTrip()
  const act = useAct()
  return async (name) => {
    const created = await act(create_place, { tripId: trip.id, name }, [], (answer) => [Place, answer.place])
    return created?.place ?? null
  }
}
