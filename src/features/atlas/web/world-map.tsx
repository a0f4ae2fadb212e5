import type { MapLayerMouseEvent } from 'maplibre-gl'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { MapBox } from '../../../ui/map/map-box.tsx'
import { useMap } from '../../../ui/map/use-map.ts'

interface Props {
  visited: readonly string[]
  onToggle(code: string): void
}

/** The world with the visited countries filled; a click marks one. The list beside it does the same without a map. */
export function WorldMap({ visited, onToggle }: Props) {
  const { t } = useTranslation()
  const { drawn, ...inBox } = useMap({ center: [14, 30], zoom: 1.3, minZoom: 0.3, maxZoom: 7 })
  const toggle = useRef(onToggle)
  toggle.current = onToggle

  useEffect(() => {
    if (!drawn) return
    const { map } = drawn
    const press = (event: MapLayerMouseEvent) => {
      const code: unknown = event.features?.[0]?.properties.code
      if (typeof code === 'string') toggle.current(code)
    }
    map.getCanvas().style.cursor = 'pointer'
    map.on('click', 'land', press)
    return () => void map.off('click', 'land', press)
  }, [drawn])

  useEffect(() => {
    if (!drawn) return
    const { map } = drawn
    const land = { source: 'world', sourceLayer: 'land' }
    for (const code of visited) map.setFeatureState({ ...land, id: code }, { visited: true })
    return () => {
      for (const code of visited) if (map.getSource('world')) map.removeFeatureState({ ...land, id: code }, 'visited')
    }
  }, [drawn, visited])

  return <MapBox {...inBox} label={t('atlas.map')} className="absolute inset-0" />
}
