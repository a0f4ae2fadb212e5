import { useTranslation } from 'react-i18next'
import type { Covered, NumberedPin, Pin } from './pins.ts'
import { beginning, useCamera, usePointing, useScale } from './trip-camera.ts'
import { useNumbers, usePins, useRoute } from './trip-layers.ts'
import { useMap } from './use-map.ts'

interface Props {
  covered?: Covered | undefined
  /** Everything there is. */
  pins: readonly Pin[]
  /** The stops of the day that is shown, in order. */
  stops: readonly NumberedPin[]
  /** The id of the pin that is open. */
  open: number | null
  /** Changes when the map should go to the stops again. */
  day: number | null
  onOpen(id: number): void
  onStop(key: string): void
  onAddAt(at: { lat: number; lng: number }): void
}

/** The map of a trip: the stops of a day, numbered and joined, among all its places. */
export function TripMap(props: Props) {
  const { t } = useTranslation()
  const { pins, stops, open, day, covered, onOpen, onStop, onAddAt } = props
  const [box, drawn] = useMap({ ...beginning(stops.length ? stops : pins), minZoom: 0.5, maxZoom: 17 })
  usePins(drawn, pins, stops, open, onOpen)
  useRoute(drawn, stops)
  useNumbers(drawn, stops, open, onStop)
  useScale(drawn)
  useCamera(drawn, pins, stops, day, open, covered)
  usePointing(drawn, onAddAt)
  return (
    <section aria-label={t('map.label')} className="absolute inset-0 isolate">
      <div ref={box} className="size-full" />
    </section>
  )
}
