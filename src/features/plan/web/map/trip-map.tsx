import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { MapBox } from '../../../../ui/map/map-box.tsx'
import type { Covered, NumberedPin, Pin } from '../../../../ui/map/pins.ts'
import { useMap } from '../../../../ui/map/use-map.ts'
import { beginning, useCamera, usePointing, useScale } from './trip-camera.ts'
import { useNumbers, usePins, useRoute } from './trip-layers.ts'
import { useWays } from './trip-ways.ts'
import type { Way } from './ways.ts'

interface Props {
  covered?: Covered | undefined
  /** All places. */
  pins: readonly Pin[]
  /** The stops of the shown day, in order. */
  stops: readonly NumberedPin[]
  /** The transports between them. */
  ways: readonly Way[]
  /** The id of the open pin. */
  open: number | null
  /** A change of it makes the map go to the stops again. */
  day: number | null
  onOpen(id: number): void
  onStop(key: string): void
  /** Undefined if places cannot be added. */
  onAddAt: ((at: { lat: number; lng: number }) => void) | undefined
}

/** The map of a trip: the stops of a day, numbered and joined, among all its places. */
export function TripMap(props: Props) {
  const { t } = useTranslation()
  const { pins, stops, ways, open, day, covered, onOpen, onStop, onAddAt } = props
  const onWay = useMemo(() => ways.filter(({ near }) => near).flatMap(({ ends }) => ends), [ways])
  const seen = stops.length ? stops : onWay.length ? onWay : pins
  const { drawn, ...inBox } = useMap({ ...beginning(seen), minZoom: 0.5, maxZoom: 17 })
  usePins(drawn, pins, stops, open, onOpen)
  useRoute(drawn, stops)
  useWays(drawn, ways)
  useNumbers(drawn, stops, open, onStop)
  useScale(drawn)
  useCamera(drawn, pins, seen, day, open, covered)
  usePointing(drawn, onAddAt)
  return <MapBox {...inBox} label={t('map.label')} className="absolute inset-0 isolate" />
}
