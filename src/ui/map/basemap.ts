import type { StyleSpecification } from 'maplibre-gl'
import { addressOf } from '../base-path.ts'
import { basemapLayers } from './basemap-layers.ts'
import { type MapColours, mapColours } from './colours.ts'

/** The address of the tiles built into the app; absolute, because workers cannot resolve relative ones. */
const tilesAt = () => addressOf('/basemap/{z}/{x}/{y}.pbf')

/** The built-in basemap: a paper map of the world that needs no network. */
export function basemapStyle(): { style: StyleSpecification; colours: MapColours } {
  const colours = mapColours()
  return {
    colours,
    style: {
      version: 8,
      sources: {
        world: {
          type: 'vector',
          tiles: [tilesAt()],
          minzoom: 0,
          maxzoom: 5,
          promoteId: { land: 'code' },
          attribution: 'Natural Earth · GeoNames',
        },
        grid: { type: 'geojson', data: { type: 'FeatureCollection', features: [] } },
      },
      layers: basemapLayers(colours),
    },
  }
}
