import 'maplibre-gl/dist/maplibre-gl.css'
import { type GeoJSONSource, Map as MapLibre, type MapOptions, NavigationControl, setWorkerUrl } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import { type RefObject, useEffect, useRef, useState } from 'react'
import { useDark } from '../theme.ts'
import { basemapStyle } from './basemap.ts'
import type { MapColours } from './colours.ts'
import { graticule } from './graticule.ts'

// The page's policy forbids workers made from text.
setWorkerUrl(workerUrl)

export interface DrawnMap {
  readonly map: MapLibre
  readonly colours: MapColours
  readonly dark: boolean
}

const calm = matchMedia('(prefers-reduced-motion: reduce)')

/** The duration of a camera movement, in milliseconds. */
export const travelTime = (): number => (calm.matches ? 0 : 600)

function drawGrid(map: MapLibre): void {
  const source = map.getSource<GeoJSONSource>('grid')
  source?.setData(graticule(map.getBounds(), map.getZoom()))
}

export interface MapInBox {
  readonly box: RefObject<HTMLDivElement | null>
  /**
   * Null until the map can be drawn on. A change of the theme loads another style: it is null until that is loaded, and
   * then a new value, because everything must be drawn again.
   */
  readonly drawn: DrawnMap | null
  /** The browser has no WebGL, so there is never a map. */
  readonly impossible: boolean
}

/** A map in the element, or null if this browser has no WebGL. */
function mapIn(options: MapOptions): MapLibre | null {
  try {
    return new MapLibre(options)
  } catch (error) {
    if (/webgl/i.test(String(error))) return null
    throw error
  }
}

/** Creates a map in a box. */
export function useMap(options: Omit<MapOptions, 'container' | 'style'>): MapInBox {
  const box = useRef<HTMLDivElement>(null)
  const [drawn, setDrawn] = useState<DrawnMap | null>(null)
  const [map, setMap] = useState<MapLibre | null>(null)
  const [impossible, setImpossible] = useState(false)
  const first = useRef(options)
  const dark = useDark()

  useEffect(() => {
    if (!box.current) return
    const newMap = mapIn({
      ...first.current,
      container: box.current,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      attributionControl: { compact: true },
      fadeDuration: calm.matches ? 0 : 150,
    })
    if (!newMap) {
      setImpossible(true)
      return
    }
    newMap.touchZoomRotate.disableRotation()
    newMap.addControl(new NavigationControl({ showCompass: false }), 'bottom-right')
    newMap.on('moveend', () => drawGrid(newMap))
    setMap(newMap)
    return () => {
      newMap.remove()
      setMap(null)
      setDrawn(null)
    }
  }, [])

  useEffect(() => {
    if (!map) return
    const { style, colours } = basemapStyle()
    map.setStyle(style, { diff: false })
    setDrawn(null)
    const ready = () => {
      drawGrid(map)
      setDrawn({ map, colours, dark })
    }
    map.once('style.load', ready)
    return () => void map.off('style.load', ready)
  }, [map, dark])

  // In the render after a change of theme, the style is still the old one.
  return { box, drawn: drawn?.dark === dark ? drawn : null, impossible }
}
