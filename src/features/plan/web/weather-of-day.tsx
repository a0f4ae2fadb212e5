import { DayWeather } from '../../weather/web/day-weather.tsx'
import { usePlanner } from './planner.tsx'
import { positionOfDay } from './position-of-day.ts'

/** The weather of a day at its position. */
export function WeatherOfDay({ day }: { day: { id: number; date: string | null } }) {
  const { plan, places } = usePlanner()
  const position = positionOfDay(plan, places, day.id)
  return day.date && position ? <DayWeather date={day.date} {...position} /> : null
}
