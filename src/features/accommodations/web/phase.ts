import type { AccommodationRow } from '../contract/index.ts'

/** The part of a stay on one day; `visit` is a stay of a single day. */
export type StayPhase = 'check_in' | 'staying' | 'check_out' | 'visit'

interface Numbered {
  readonly id: number
  readonly day_number: number
}

/** The part of a stay on a day; null when the stay does not include it. */
export function stayPhase(
  stay: Pick<AccommodationRow, 'start_day_id' | 'end_day_id'>,
  dayId: number,
  days: readonly Numbered[],
): StayPhase | null {
  if (stay.start_day_id === dayId) return stay.end_day_id === dayId ? 'visit' : 'check_in'
  if (stay.end_day_id === dayId) return 'check_out'
  const numberOf = (id: number) => days.find((day) => day.id === id)?.day_number
  const [start, here, end] = [numberOf(stay.start_day_id), numberOf(dayId), numberOf(stay.end_day_id)]
  return start !== undefined && here !== undefined && end !== undefined && start < here && here < end ? 'staying' : null
}

/** Whether the check-in or check-out of a stay is on this day. */
export const startsOrEndsOn = (
  { start_day_id, end_day_id }: Pick<AccommodationRow, 'start_day_id' | 'end_day_id'>,
  dayId: number,
): boolean => start_day_id === dayId || end_day_id === dayId

/** The stays on a day, those that check out first. */
export function staysOnDay<S extends Pick<AccommodationRow, 'id' | 'start_day_id' | 'end_day_id'>>(
  stays: readonly S[],
  dayId: number,
  days: readonly Numbered[],
): { stay: S; phase: StayPhase }[] {
  const order: readonly StayPhase[] = ['check_out', 'staying', 'visit', 'check_in']
  return stays
    .flatMap((stay) => {
      const phase = stayPhase(stay, dayId, days)
      return phase ? [{ stay, phase }] : []
    })
    .toSorted((a, b) => order.indexOf(a.phase) - order.indexOf(b.phase) || a.stay.id - b.stay.id)
}
