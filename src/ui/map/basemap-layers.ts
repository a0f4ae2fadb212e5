import type { ExpressionSpecification, StyleSpecification } from 'maplibre-gl'
import type { MapColours } from './colours.ts'

type Layers = StyleSpecification['layers']

// The server has no glyphs: MapLibre draws them from the fonts of the page.
const SANS = ['Inter Variable']
const SERIF = ['Fraunces Variable']

const growing = (...stops: number[]): ExpressionSpecification =>
  ['interpolate', ['linear'], ['zoom'], ...stops] as unknown as ExpressionSpecification

/** The layers of the basemap, from the bottom to the top. */
export const basemapLayers = (colours: MapColours): Layers => [
  ...surfaces(colours),
  ...lines(colours),
  ...gridLabels(colours),
  ...towns(colours),
  ...countries(colours),
]

/** Water, the shore in it, and land. */
const surfaces = (colours: MapColours): Layers => [
  { id: 'water', type: 'background', paint: { 'background-color': colours.water } },
  {
    id: 'shore',
    type: 'line',
    source: 'world',
    'source-layer': 'coast',
    paint: {
      'line-color': colours.shore,
      'line-width': growing(0, 3, 6, 14, 12, 40),
      'line-blur': growing(0, 3, 6, 14, 12, 40),
    },
    layout: { 'line-join': 'round' },
  },
  {
    id: 'land',
    type: 'fill',
    source: 'world',
    'source-layer': 'land',
    paint: {
      'fill-color': ['case', ['boolean', ['feature-state', 'visited'], false], colours.visited, colours.land],
      'fill-antialias': true,
    },
  },
]

/** The grid, coasts and borders. */
const lines = (colours: MapColours): Layers => [
  {
    id: 'grid',
    type: 'line',
    source: 'grid',
    paint: { 'line-color': colours.grid, 'line-width': 0.6, 'line-opacity': 0.38 },
  },
  {
    id: 'coast',
    type: 'line',
    source: 'world',
    'source-layer': 'coast',
    paint: { 'line-color': colours.coast, 'line-width': growing(0, 0.4, 6, 1, 12, 1.6) },
  },
  {
    id: 'border',
    type: 'line',
    source: 'world',
    'source-layer': 'border',
    paint: {
      'line-color': colours.border,
      'line-width': growing(0, 0.4, 6, 1, 12, 1.6),
      'line-dasharray': [4, 2],
    },
  },
]

/** The degrees along the grid. */
const gridLabels = (colours: MapColours): Layers => [
  {
    id: 'grid-label',
    type: 'symbol',
    source: 'grid',
    minzoom: 7,
    layout: {
      'symbol-placement': 'line',
      'symbol-spacing': 420,
      'text-field': ['get', 'label'],
      'text-font': SANS,
      'text-size': 10,
      'text-letter-spacing': 0.08,
    },
    paint: { 'text-color': colours.grid, 'text-halo-color': colours.halo, 'text-halo-width': 1.4 },
  },
]

/** The dots and names of towns. */
const towns = (colours: MapColours): Layers => [
  {
    id: 'town-dot',
    type: 'circle',
    source: 'world',
    'source-layer': 'town',
    minzoom: 4,
    maxzoom: 10.5,
    filter: ['<=', ['get', 'zoom'], ['+', ['zoom'], 0.2]],
    paint: {
      'circle-radius': ['case', ['has', 'capital'], 3, 2],
      'circle-color': colours.land,
      'circle-stroke-color': colours.label,
      'circle-stroke-width': 1.2,
    },
  },
  {
    id: 'town',
    type: 'symbol',
    source: 'world',
    'source-layer': 'town',
    minzoom: 3.5,
    filter: ['<=', ['get', 'zoom'], ['+', ['zoom'], 0.2]],
    layout: {
      'text-field': ['get', 'name'],
      'text-font': SANS,
      'text-size': [
        'interpolate',
        ['linear'],
        ['zoom'],
        4,
        ['interpolate', ['linear'], ['get', 'people'], 0, 11, 5_000_000, 12.5],
        12,
        ['interpolate', ['exponential', 0.99999], ['get', 'people'], 0, 12, 60_000, 13.5, 1_500_000, 19],
      ],
      'text-variable-anchor': ['bottom', 'left', 'right', 'top'],
      'text-radial-offset': growing(4, 0.5, 10, 0.4, 11, 0),
      'text-justify': 'auto',
      'text-max-width': 8,
      'text-padding': growing(4, 6, 9, 10, 13, 4),
      'symbol-sort-key': ['-', 0, ['get', 'people']],
    },
    paint: { 'text-color': colours.label, 'text-halo-color': colours.halo, 'text-halo-width': 1.6 },
  },
]

/** The names of countries. */
const countries = (colours: MapColours): Layers => [
  {
    id: 'country',
    type: 'symbol',
    source: 'world',
    'source-layer': 'country',
    maxzoom: 7,
    filter: ['>=', ['get', 'size'], ['interpolate', ['exponential', 0.5], ['zoom'], 0, 300, 3, 12, 5, 0]],
    layout: {
      'text-field': ['get', 'name'],
      'text-font': SERIF,
      'text-size': growing(1, 11, 4, 14, 6, 18),
      'text-letter-spacing': 0.06,
      'text-max-width': 7,
      'text-padding': 6,
      'symbol-sort-key': ['-', 0, ['get', 'size']],
    },
    paint: {
      'text-color': colours.ink,
      'text-opacity': 0.72,
      'text-halo-color': colours.halo,
      'text-halo-width': 1.4,
    },
  },
]
