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

/** The height of an imaginary landscape of soft hills; the more of them, the larger the country. */
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

/** Heights at the corners of a grid of squares. */
interface Grid {
  readonly columns: number
  readonly rows: number
  readonly square: number
  at(x: number, y: number): number
}

function survey(height: Height, square: number): Grid {
  const columns = Math.ceil(COLUMNS / square)
  const rows = Math.ceil(ROWS / square)
  const heights = Float64Array.from({ length: (columns + 1) * (rows + 1) }, (_, i) =>
    height((i % (columns + 1)) * square, Math.floor(i / (columns + 1)) * square),
  )
  return { columns, rows, square, at: (x, y) => heights[y * (columns + 1) + x] ?? 0 }
}

/** The contour line at one height, as short segments (marching squares). */
function contour({ columns, rows, square, at }: Grid, level: number): string {
  const strokes: string[] = []
  const point = (x: number, y: number) => `${(x * square).toFixed(2)} ${(y * square).toFixed(2)}`
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const a = at(x, y) - level
      const b = at(x + 1, y) - level
      const c = at(x + 1, y + 1) - level
      const d = at(x, y + 1) - level
      const crossings: string[] = []
      if (a * b < 0) crossings.push(point(x + a / (a - b), y))
      if (b * c < 0) crossings.push(point(x + 1, y + b / (b - c)))
      if (c * d < 0) crossings.push(point(x + 1 - c / (c - d), y + 1))
      if (d * a < 0) crossings.push(point(x, y + 1 - d / (d - a)))
      for (let i = 0; i + 1 < crossings.length; i += 2) strokes.push(`M${crossings[i]}L${crossings[i + 1]}`)
    }
  }
  return strokes.join('')
}

/** Contour lines of a landscape that the seed determines: the cover of a trip without a picture. */
export function Contours({ seed, detail = 1, className }: { seed: number; detail?: number; className?: string }) {
  const lines = useMemo(() => {
    const grid = survey(landscape(seed, detail), 0.7 / detail)
    return Array.from({ length: LEVELS }, (_, index) => contour(grid, 0.14 + index * 0.15))
  }, [seed, detail])
  return (
    <svg
      viewBox={`0 0 ${COLUMNS} ${ROWS}`}
      preserveAspectRatio="xMidYMid slice"
      className={className}
      aria-hidden="true"
      fill="none"
      stroke="currentColor"
    >
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the index identifies a height
        <path key={index} d={line} strokeWidth={index % 4 === 0 ? 1.8 : 1} vectorEffect="non-scaling-stroke" />
      ))}
    </svg>
  )
}
