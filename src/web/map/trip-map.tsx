import {
  type GeoJSONSource,
  LngLatBounds,
  type MapMouseEvent,
  type MapOptions,
  Marker,
  ScaleControl,
} from 'maplibre-gl'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { type DrawnMap, travelTime, useMap } from './use-map.ts'

/** Something with a place on the map. */
export interface Pin {
  readonly id: number
  readonly name: string
  readonly lat: number
  readonly lng: number
  readonly colour: string
}

/** A pin of the day that is shown, with its number in the day. */
export interface NumberedPin extends Pin {
  readonly key: string
  readonly number: number
}

/** How much of the map lies under other things, in pixels from its edges. */
export interface Covered {
  readonly top: number
  readonly bottom: number
}

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

const CLOSEST = 13.5
const LONG_PRESS_MS = 550

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

const boundsOf = (pins: readonly Pin[]): LngLatBounds => {
  const bounds = new LngLatBounds()
  for (const { lng, lat } of pins) bounds.extend([lng, lat])
  return bounds
}

/** Where the map opens, so that it need not load the world first: at what it will show. */
const beginning = (pins: readonly Pin[]): Pick<MapOptions, 'bounds' | 'fitBoundsOptions' | 'center' | 'zoom'> =>
  pins.length
    ? { bounds: boundsOf(pins), fitBoundsOptions: { maxZoom: CLOSEST, padding: 48 } }
    : { center: [12, 34], zoom: 1.4 }

function useScale(drawn: DrawnMap | null) {
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

const points = (pins: readonly Pin[]): GeoJSON.FeatureCollection => ({
  type: 'FeatureCollection',
  features: pins.map(({ id, name, colour, lat, lng }) => ({
    type: 'Feature',
    id,
    properties: { id, name, colour },
    geometry: { type: 'Point', coordinates: [lng, lat] },
  })),
})

/** The latest value of something, for listeners that are added once. */
function useLatest<T>(value: T) {
  const latest = useRef(value)
  latest.current = value
  return latest
}

function usePins(
  drawn: DrawnMap | null,
  pins: readonly Pin[],
  stops: readonly NumberedPin[],
  onOpen: (id: number) => void,
) {
  const opened = useLatest(onOpen)
  useEffect(() => {
    if (!drawn) return
    const { map, colours } = drawn
    map.addSource('pins', { type: 'geojson', data: points([]) })
    map.addLayer({
      id: 'pins',
      type: 'circle',
      source: 'pins',
      paint: {
        'circle-radius': ['interpolate', ['linear'], ['zoom'], 4, 4, 12, 7],
        // Chosen colours are loud; mixed with the colour of the labels they go together.
        'circle-color': ['interpolate', ['linear'], 0.62, 0, colours.label, 1, ['to-color', ['get', 'colour']]],
        'circle-stroke-color': colours.land,
        'circle-stroke-width': 2,
      },
    })
    map.addLayer({
      id: 'pin-names',
      type: 'symbol',
      source: 'pins',
      minzoom: 11,
      layout: {
        'text-field': ['get', 'name'],
        'text-font': ['Inter Variable'],
        'text-size': 11.5,
        'text-variable-anchor': ['left', 'right', 'top', 'bottom'],
        'text-radial-offset': 0.9,
        'text-justify': 'auto',
        'text-max-width': 9,
      },
      paint: { 'text-color': colours.ink, 'text-halo-color': colours.halo, 'text-halo-width': 1.6 },
    })
    const open = (event: { features?: { properties?: { id?: unknown } | null }[] }) => {
      const id = event.features?.[0]?.properties?.id
      if (typeof id === 'number') opened.current(id)
    }
    const hand = (shape: string) => () => {
      map.getCanvas().style.cursor = shape
    }
    const [point, leave] = [hand('pointer'), hand('')]
    map.on('click', 'pins', open)
    map.on('mouseenter', 'pins', point)
    map.on('mouseleave', 'pins', leave)
    return () => {
      map.off('click', 'pins', open)
      map.off('mouseenter', 'pins', point)
      map.off('mouseleave', 'pins', leave)
    }
  }, [drawn, opened])
  useEffect(() => {
    const numbered = new Set(stops.map(({ id }) => id))
    const source = drawn?.map.getSource<GeoJSONSource>('pins')
    source?.setData(points(pins.filter(({ id }) => !numbered.has(id))))
  }, [drawn, pins, stops])
}

function useRoute(drawn: DrawnMap | null, stops: readonly NumberedPin[]) {
  useEffect(() => {
    if (!drawn) return
    const { map, colours } = drawn
    map.addSource('route', { type: 'geojson', data: points([]) })
    map.addSource('stops', { type: 'geojson', data: points([]) })
    map.addLayer({
      id: 'stop-names',
      type: 'symbol',
      source: 'stops',
      layout: {
        'text-field': ['get', 'name'],
        'text-font': ['Inter Variable'],
        'text-size': 12.5,
        'text-variable-anchor': ['left', 'right', 'bottom', 'top'],
        'text-radial-offset': 1.7,
        'text-justify': 'auto',
        'text-max-width': 10,
      },
      paint: { 'text-color': colours.ink, 'text-halo-color': colours.halo, 'text-halo-width': 2 },
    })
    // The numbers are no part of the map: an unseen sign below each keeps the names away from it.
    map.addLayer({
      id: 'stop-room',
      type: 'symbol',
      source: 'stops',
      layout: {
        'text-field': '●',
        'text-font': ['Inter Variable'],
        'text-size': 30,
        'text-padding': 0,
        'text-allow-overlap': true,
      },
      paint: { 'text-opacity': 0 },
    })
    map.addLayer(
      {
        id: 'route',
        type: 'line',
        source: 'route',
        layout: { 'line-cap': 'round', 'line-join': 'round' },
        paint: { 'line-color': colours.pine, 'line-width': 2.5, 'line-dasharray': [0.1, 2.2] },
      },
      'pins',
    )
  }, [drawn])
  useEffect(() => {
    drawn?.map.getSource<GeoJSONSource>('stops')?.setData(points(stops))
    drawn?.map.getSource<GeoJSONSource>('route')?.setData({
      type: 'Feature',
      properties: {},
      geometry: { type: 'LineString', coordinates: stops.map(({ lng, lat }) => [lng, lat]) },
    })
  }, [drawn, stops])
}

/** Numbers are elements of the page, so that they can be reached by keyboard and read aloud. */
function useNumbers(
  drawn: DrawnMap | null,
  stops: readonly NumberedPin[],
  open: number | null,
  onStop: (key: string) => void,
) {
  const { t } = useTranslation()
  const chosen = useLatest(onStop)
  const map = drawn?.map
  useEffect(() => {
    if (!map) return
    const markers = stops.map(({ key, id, number, name, lat, lng }) => {
      const button = document.createElement('button')
      button.type = 'button'
      button.textContent = String(number)
      button.className =
        'flex size-8 items-center justify-center rounded-full border-2 font-sans border-surface bg-pine font-semibold text-on-pine text-sm shadow-lift figures aria-current:bg-signal-fill aria-current:text-on-signal aria-current:size-10'
      button.setAttribute('aria-label', t('map.stop', { number, name }))
      if (id === open) button.setAttribute('aria-current', 'true')
      button.addEventListener('click', (event) => {
        event.stopPropagation()
        chosen.current(key)
      })
      const marker = new Marker({ element: button }).setLngLat([lng, lat]).addTo(map)
      // MapLibre gives the element a name of its own, which says nothing.
      button.setAttribute('aria-label', t('map.stop', { number, name }))
      button.removeAttribute('role')
      return marker
    })
    return () => {
      for (const marker of markers) marker.remove()
    }
  }, [map, stops, open, chosen, t])
}

function useCamera(
  drawn: DrawnMap | null,
  pins: readonly Pin[],
  stops: readonly NumberedPin[],
  day: number | null,
  open: number | null,
  covered: Covered = { top: 0, bottom: 0 },
) {
  const map = drawn?.map
  const inSight = useRef<string | null>(null)
  const shown = stops.length ? stops : pins
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
      // More on the right, where the names stand.
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

/** A right click, or a long press on a touch screen, names a spot on the map. */
function usePointing(drawn: DrawnMap | null, onAddAt: (at: { lat: number; lng: number }) => void) {
  const map = drawn?.map
  const pointed = useLatest(onAddAt)
  useEffect(() => {
    if (!map) return
    let timer: ReturnType<typeof setTimeout> | undefined
    const tell = ({ lngLat }: Pick<MapMouseEvent, 'lngLat'>) => {
      const round = (value: number) => Math.round(value * 1e5) / 1e5
      pointed.current({ lat: round(lngLat.lat), lng: round(lngLat.wrap().lng) })
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
