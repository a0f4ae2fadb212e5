import { Tabs as Primitive } from '@base-ui/react/tabs'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { classes } from './class-names.ts'

export interface Tab {
  readonly value: string
  readonly label: string
  readonly panel: ReactNode
}

interface Props {
  label: string
  tabs: readonly Tab[]
  /** The open one, where somebody else decides it. */
  value?: string | undefined
  onChange?(value: string): void
}

/** A few views of one thing. */
export function Tabs({ label, tabs, value, onChange }: Props) {
  const known = tabs.some((tab) => tab.value === value) ? value : tabs[0]?.value
  const { row, edges } = useRow(known)
  return (
    <Primitive.Root
      {...(onChange ? { value: known, onValueChange: (next) => onChange(String(next)) } : { defaultValue: known })}
    >
      <Primitive.List
        ref={row}
        aria-label={label}
        className={classes(
          'relative flex gap-1 overflow-x-auto border-line border-b',
          // What goes on behind an edge fades there.
          edges.before &&
            edges.after &&
            'mask-[linear-gradient(to_right,transparent,#000_2rem,#000_calc(100%-2rem),transparent)]',
          edges.before && !edges.after && 'mask-[linear-gradient(to_right,transparent,#000_2rem)]',
          !edges.before && edges.after && 'mask-[linear-gradient(to_left,transparent,#000_2rem)]',
        )}
      >
        {tabs.map((tab) => (
          <Primitive.Tab
            key={tab.value}
            value={tab.value}
            className="h-10 whitespace-nowrap rounded-sm px-3 font-medium text-base text-ink-soft hover:text-ink data-active:text-ink"
          >
            {tab.label}
          </Primitive.Tab>
        ))}
        <Primitive.Indicator className="absolute bottom-0 left-0 h-0.5 w-(--active-tab-width) translate-x-(--active-tab-left) rounded-full bg-pine transition-[translate,width] duration-(--steady)" />
      </Primitive.List>
      {tabs.map((tab) => (
        // Everything in a panel has its own place in the order of Tab; the panel has none, which would scroll its title away.
        <Primitive.Panel key={tab.value} value={tab.value} tabIndex={-1} className="pt-6 outline-none">
          {tab.panel}
        </Primitive.Panel>
      ))}
    </Primitive.Root>
  )
}

/** A row that may be wider than its page: the selected tab is brought into view, and it is told on which side there is more. */
function useRow(selected: string | undefined) {
  const row = useRef<HTMLDivElement>(null)
  const [edges, setEdges] = useState({ before: false, after: false })

  useEffect(() => {
    const { current } = row
    if (!current || selected === undefined) return
    const look = () => {
      const { scrollLeft, scrollWidth, clientWidth } = current
      const next = { before: scrollLeft > 1, after: scrollLeft + clientWidth < scrollWidth - 1 }
      setEdges((last) => (last.before === next.before && last.after === next.after ? last : next))
    }
    // It also hears of the size that the row has at first.
    const observer = new ResizeObserver(() => {
      const tab = current.querySelector<HTMLElement>('[role="tab"][aria-selected="true"]')
      // Only the row moves, and not the page.
      if (tab) current.scrollLeft = tab.offsetLeft - (current.clientWidth - tab.offsetWidth) / 2
      look()
    })
    observer.observe(current)
    current.addEventListener('scroll', look, { passive: true })
    return () => {
      observer.disconnect()
      current.removeEventListener('scroll', look)
    }
  }, [selected])

  return { row, edges }
}
