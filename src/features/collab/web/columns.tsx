import { type ReactNode, useLayoutEffect, useRef, useState } from 'react'

const GAP = 12

interface Props {
  /** The least width of a column, in pixels. */
  least: number
  items: readonly { key: number; card: ReactNode }[]
}

/** Cards of different heights in as many columns as fit, filled row by row. */
export function Columns({ least, items }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const [count, setCount] = useState(1)
  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    const measure = () => setCount(Math.max(1, Math.floor((element.clientWidth + GAP) / (least + GAP))))
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [least])
  return (
    <div ref={box} className="flex items-start gap-3">
      {Array.from({ length: count }, (_, column) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the index identifies a column
        <ul key={column} className="flex min-w-0 flex-1 flex-col gap-3">
          {items
            .filter((_, index) => index % count === column)
            .map(({ key, card }) => (
              <li key={key}>{card}</li>
            ))}
        </ul>
      ))}
    </div>
  )
}
