import type { AccommodationRow } from '../contract/index.ts'

/** What a stay is on one day: one arrives, is there, or leaves; `visit` is a stay of one day. */
export type StayPhase = 'check_in' | 'staying' | 'check_out' | 'visit'

interface Numbered {
  readonly id: number
  readonly day_number: number
}

/** What a stay is on a day; null when it does not touch it. */
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

/** The stays that touch a day, those one leaves first. */
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
