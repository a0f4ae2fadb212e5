interface Located {
  readonly lat: number | null
  readonly lng: number | null
}

interface Planned {
  readonly day: { readonly id: number }
  readonly stops: readonly { readonly place: Located }[]
}

type Position = { lat: number; lng: number }

/** Weather changes over tens of kilometres, and days at one place share an answer. */
const rounded = (degrees: number): number => Math.round(degrees * 10) / 10

function firstOf(places: readonly Located[]): Position | null {
  const located = places.find(({ lat, lng }) => lat !== null && lng !== null)
  return located ? { lat: rounded(located.lat as number), lng: rounded(located.lng as number) } : null
}

/** The position of a day: its first stop, or that of the nearest day with one, or any place of the trip. */
export function positionOfDay(plan: readonly Planned[], places: readonly Located[], dayId: number): Position | null {
  const index = plan.findIndex(({ day }) => day.id === dayId)
  const near = plan
    .map(({ stops }, other) => ({ stops, away: Math.abs(other - index) }))
    .sort((a, b) => a.away - b.away)
  for (const { stops } of near) {
    const position = firstOf(stops.map(({ place }) => place))
    if (position) return position
  }
  return firstOf(places)
}
