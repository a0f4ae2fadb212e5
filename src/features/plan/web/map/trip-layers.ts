import { type GeoJSONSource, Marker } from 'maplibre-gl'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { type NumberedPin, type Pin, points, useLatest } from '../../../../ui/map/pins.ts'
import type { DrawnMap } from '../../../../ui/map/use-map.ts'

/** Draws the pins without a number, with a ring around the open one. */
export function usePins(
  drawn: DrawnMap | null,
  pins: readonly Pin[],
  stops: readonly NumberedPin[],
  open: number | null,
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
        // Chosen colours are loud; mixing in the label colour makes them match.
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
    map.addLayer({
      id: 'open-pin',
      type: 'circle',
      source: 'pins',
      filter: ['==', ['get', 'id'], 0],
      paint: {
        'circle-radius': 12,
        'circle-opacity': 0,
        'circle-stroke-color': colours.signal,
        'circle-stroke-width': 3,
      },
    })
    const press = (event: { features?: { properties?: { id?: unknown } | null }[] }) => {
      const id = event.features?.[0]?.properties?.id
      if (typeof id === 'number') opened.current(id)
    }
    const hand = (shape: string) => () => {
      map.getCanvas().style.cursor = shape
    }
    const [point, leave] = [hand('pointer'), hand('')]
    map.on('click', 'pins', press)
    map.on('mouseenter', 'pins', point)
    map.on('mouseleave', 'pins', leave)
    return () => {
      map.off('click', 'pins', press)
      map.off('mouseenter', 'pins', point)
      map.off('mouseleave', 'pins', leave)
    }
  }, [drawn, opened])
  useEffect(() => {
    const numbered = new Set(stops.map(({ id }) => id))
    const source = drawn?.map.getSource<GeoJSONSource>('pins')
    source?.setData(points(pins.filter(({ id }) => !numbered.has(id))))
  }, [drawn, pins, stops])
  useEffect(() => {
    drawn?.map.setFilter('open-pin', ['==', ['get', 'id'], open ?? 0])
  }, [drawn, open])
}

/** Draws the line from stop to stop, and the names of the stops. */
export function useRoute(drawn: DrawnMap | null, stops: readonly NumberedPin[]) {
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
    // The numbers are not part of the map: an invisible symbol below each keeps labels away from it.
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

/** Numbers are elements of the page, so that the keyboard and screen readers reach them. */
export function useNumbers(
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
      // MapLibre gives the element a meaningless label.
      button.setAttribute('aria-label', t('map.stop', { number, name }))
      button.removeAttribute('role')
      return marker
    })
    return () => {
      for (const marker of markers) marker.remove()
    }
  }, [map, stops, open, chosen, t])
}
