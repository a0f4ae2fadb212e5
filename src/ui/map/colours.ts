/** The look of the map, read from the design tokens so that there is one list of colours. */
export function mapColours() {
  const styles = getComputedStyle(document.documentElement)
  const token = (name: string) => styles.getPropertyValue(`--${name}`).trim()
  return {
    water: token('map-water'),
    shore: token('map-shore'),
    land: token('map-land'),
    coast: token('map-coast'),
    border: token('map-border'),
    grid: token('map-grid'),
    label: token('map-label'),
    sea: token('map-label-water'),
    halo: token('map-halo'),
    visited: token('map-visited'),
    pine: token('pine'),
    signal: token('signal'),
    ink: token('ink'),
  }
}

export type MapColours = ReturnType<typeof mapColours>
