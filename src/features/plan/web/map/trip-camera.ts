import { LngLatBounds, type MapMouseEvent, type MapOptions, ScaleControl } from 'maplibre-gl'
import { useEffect, useRef } from 'react'
import { type Covered, type Pin, useLatest } from '../../../../ui/map/pins.ts'
import { type DrawnMap, travelTime } from '../../../../ui/map/use-map.ts'

const CLOSEST = 13.5
const LONG_PRESS_MS = 550

type Spot = Pick<Pin, 'lat' | 'lng'>

const boundsOf = (pins: readonly Spot[]): LngLatBounds => {
  const bounds = new LngLatBounds()
  for (const { lng, lat } of pins) bounds.extend([lng, lat])
  return bounds
}

/** The initial view of the map: what it will show, so that it need not load the world first. */
export const beginning = (
  pins: readonly Spot[],
): Pick<MapOptions, 'bounds' | 'fitBoundsOptions' | 'center' | 'zoom'> =>
  pins.length
    ? { bounds: boundsOf(pins), fitBoundsOptions: { maxZoom: CLOSEST, padding: 48 } }
    : { center: [12, 34], zoom: 1.4 }

/** Shows the scale. */
export function useScale(drawn: DrawnMap | null) {
  const map = drawn?.map
  useEffect(() => {
    if (!map) return
    const scale = new ScaleControl({ maxWidth: 96 })
    map.addControl(scale, 'bottom-right')
    return () => {
      if (map.hasControl(scale)) map.removeControl(scale)
    }
  }, [map])
}

/** Moves to the part of the day to be `shown`, and to the open pin if it is out of sight. */
export function useCamera(
  drawn: DrawnMap | null,
  pins: readonly Pin[],
  shown: readonly Spot[],
  day: number | null,
  open: number | null,
  covered: Covered = { top: 0, bottom: 0 },
) {
  const map = drawn?.map
  const inSight = useRef<string | null>(null)
  const content = useLatest(shown)
  const under = useLatest(covered)
  const loaded = shown.length > 0
  useEffect(() => {
    const sight = `${day}:${loaded}`
    if (!map || !loaded || inSight.current === sight) return
    const isFirst = inSight.current === null
    inSight.current = sight
    const { clientWidth, clientHeight } = map.getContainer()
    const aside = Math.min(72, clientWidth / 6)
    const above = Math.min(72, clientHeight / 6)
    const { top, bottom } = under.current
    map.fitBounds(boundsOf(content.current), {
      // More on the right, for the names.
      padding: { left: aside, right: aside * 1.6, top: above + top, bottom: above + bottom },
      maxZoom: CLOSEST,
      duration: isFirst ? 0 : travelTime(),
    })
  }, [map, day, loaded, content, under])
  const all = useLatest(pins)
  useEffect(() => {
    const pin = all.current.find(({ id }) => id === open)
    if (!map || !pin) return
    const at: [number, number] = [pin.lng, pin.lat]
    if (!map.getBounds().contains(at))
      map.easeTo({ center: at, zoom: Math.max(map.getZoom(), 11), duration: travelTime() })
  }, [map, open, all])
}

/** A right click, or a long press on a touch screen, picks a point on the map. */
export function usePointing(drawn: DrawnMap | null, onAddAt: ((at: { lat: number; lng: number }) => void) | undefined) {
  const map = drawn?.map
  const pointed = useLatest(onAddAt)
  useEffect(() => {
    if (!map) return
    let timer: ReturnType<typeof setTimeout> | undefined
    const tell = ({ lngLat }: Pick<MapMouseEvent, 'lngLat'>) => {
      const round = (value: number) => Math.round(value * 1e5) / 1e5
      pointed.current?.({ lat: round(lngLat.lat), lng: round(lngLat.wrap().lng) })
    }
    const press = (event: { lngLat: MapMouseEvent['lngLat']; points: unknown[] }) => {
      clearTimeout(timer)
      if (event.points.length === 1) timer = setTimeout(() => tell(event), LONG_PRESS_MS)
    }
    const release = () => clearTimeout(timer)
    map.on('contextmenu', tell)
    map.on('touchstart', press)
    map.on('touchend', release)
    map.on('touchmove', release)
    map.on('movestart', release)
    return () => {
      release()
      map.off('contextmenu', tell)
      map.off('touchstart', press)
      map.off('touchend', release)
      map.off('touchmove', release)
      map.off('movestart', release)
    }
  }, [map, pointed])
}
