import { useMemo } from 'react'

const COLUMNS = 64
const ROWS = 40
const LEVELS = 9

/** A small generator of repeatable numbers from 0 to 1. */
function numbers(seed: number): () => number {
  let state = (seed * 2654435761) >>> 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 4294967296
  }
}

type Height = (x: number, y: number) => number

/** The height of an imagined landscape of soft hills; the more of them, the larger the country. */
function landscape(seed: number, detail: number): Height {
  const next = numbers(seed)
  for (let warmUp = 0; warmUp < 8; warmUp++) next()
  const hills = Array.from({ length: 6 * detail * detail }, () => ({
    x: next() * COLUMNS,
    y: next() * ROWS,
    height: 0.4 + next() * 0.8,
    width: (5 + next() * 11) / detail,
    stretch: 0.6 + next() * 0.9,
  }))
  return (x, y) =>
    hills.reduce((sum, hill) => {
      const dx = (x - hill.x) * hill.stretch
      const dy = y - hill.y
      return sum + hill.height * Math.exp(-(dx * dx + dy * dy) / (hill.width * hill.width))
    }, 0)
}

/** The line of one height through the landscape, as short strokes (marching squares). */
function contour(height: Height, level: number): string {
  const strokes: string[] = []
  for (let y = 0; y < ROWS; y++) {
    for (let x = 0; x < COLUMNS; x++) {
      const a = height(x, y) - level
      const b = height(x + 1, y) - level
      const c = height(x + 1, y + 1) - level
      const d = height(x, y + 1) - level
      const crossings: string[] = []
      if (a * b < 0) crossings.push(`${(x + a / (a - b)).toFixed(2)} ${y}`)
      if (b * c < 0) crossings.push(`${x + 1} ${(y + b / (b - c)).toFixed(2)}`)
      if (c * d < 0) crossings.push(`${(x + 1 - c / (c - d)).toFixed(2)} ${y + 1}`)
      if (d * a < 0) crossings.push(`${x} ${(y + 1 - d / (d - a)).toFixed(2)}`)
      for (let i = 0; i + 1 < crossings.length; i += 2) strokes.push(`M${crossings[i]}L${crossings[i + 1]}`)
    }
  }
  return strokes.join('')
}

/** Contour lines of a landscape that belongs to the seed: the cover of a trip that has no picture. */
export function Contours({ seed, detail = 1, className }: { seed: number; detail?: number; className?: string }) {
  const lines = useMemo(() => {
    const height = landscape(seed, detail)
    return Array.from({ length: LEVELS }, (_, index) => contour(height, 0.14 + index * 0.15))
  }, [seed, detail])
  return (
    <svg
      viewBox={`0 0 ${COLUMNS} ${ROWS}`}
      preserveAspectRatio="xMidYMid slice"
      className={className}
      aria-hidden="true"
      fill="none"
      stroke="currentColor"
      strokeLinecap="round"
    >
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a height is its index
        <path key={index} d={line} strokeWidth={index % 4 === 0 ? 1.8 : 1} vectorEffect="non-scaling-stroke" />
      ))}
    </svg>
  )
}
