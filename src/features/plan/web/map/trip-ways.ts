import type { GeoJSONSource } from 'maplibre-gl'
import { useEffect } from 'react'
import { points } from '../../../../ui/map/pins.ts'
import type { DrawnMap } from '../../../../ui/map/use-map.ts'
import type { Way } from './ways.ts'

/** Draws transports below the pins: strongly on the shown day, faintly on others, dashed if not confirmed. */
export function useWays(drawn: DrawnMap | null, ways: readonly Way[]) {
  useEffect(() => {
    if (!drawn) return
    const { map, colours } = drawn
    map.addSource('ways', { type: 'geojson', data: points([]) })
    map.addSource('way-ends', { type: 'geojson', data: points([]) })
    const before = map.getLayer('pins') ? 'pins' : undefined
    for (const sure of [true, false]) {
      map.addLayer(
        {
          id: sure ? 'ways-sure' : 'ways-pending',
          type: 'line',
          source: 'ways',
          filter: ['==', ['get', 'sure'], sure],
          layout: { 'line-cap': 'round', 'line-join': 'round' },
          paint: {
            'line-color': colours.signal,
            'line-width': ['case', ['get', 'near'], 2.25, 1.5],
            'line-opacity': ['case', ['get', 'near'], 0.9, 0.4],
            ...(!sure && { 'line-dasharray': [2.5, 2.5] }),
          },
        },
        before,
      )
    }
    map.addLayer(
      {
        id: 'way-ends',
        type: 'circle',
        source: 'way-ends',
        paint: {
          'circle-radius': 3.5,
          'circle-color': colours.land,
          'circle-stroke-color': colours.signal,
          'circle-stroke-width': 2,
          'circle-opacity': ['case', ['get', 'near'], 1, 0.6],
          'circle-stroke-opacity': ['case', ['get', 'near'], 1, 0.5],
        },
      },
      before,
    )
    map.addLayer({
      id: 'way-names',
      type: 'symbol',
      source: 'way-ends',
      filter: ['get', 'near'],
      layout: {
        'text-field': ['get', 'name'],
        'text-font': ['Inter Variable'],
        'text-size': 11.5,
        'text-variable-anchor': ['top', 'bottom', 'right', 'left'],
        'text-radial-offset': 0.8,
        'text-max-width': 9,
      },
      paint: { 'text-color': colours.ink, 'text-halo-color': colours.halo, 'text-halo-width': 1.6 },
    })
  }, [drawn])
  useEffect(() => {
    drawn?.map.getSource<GeoJSONSource>('ways')?.setData({
      type: 'FeatureCollection',
      features: ways.map(({ line, sure, near }) => ({
        type: 'Feature',
        properties: { sure, near },
        geometry: { type: 'LineString', coordinates: line.map(([lng, lat]) => [lng, lat]) },
      })),
    })
    drawn?.map.getSource<GeoJSONSource>('way-ends')?.setData({
      type: 'FeatureCollection',
      features: ways.flatMap(({ ends, near }) =>
        ends.map(({ name, lng, lat }) => ({
          type: 'Feature' as const,
          properties: { name, near },
          geometry: { type: 'Point' as const, coordinates: [lng, lat] },
        })),
      ),
    })
  }, [drawn, ways])
}
