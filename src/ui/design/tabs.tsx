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
  /** The open tab, if the parent controls it. */
  value?: string | undefined
  onChange?(value: string): void
}

/** The tab with this value; the first one if there is none. */
export const selectedOf = <T extends Pick<Tab, 'value'>>(
  tabs: readonly T[],
  value: string | undefined,
): T | undefined => tabs.find((tab) => tab.value === value) ?? tabs[0]

/** A few views of one thing. */
export function Tabs({ label, tabs, value, onChange }: Props) {
  const selected = selectedOf(tabs, value)?.value
  const { row, edges } = useRow(selected)
  return (
    <Primitive.Root
      {...(onChange
        ? { value: selected, onValueChange: (next) => onChange(String(next)) }
        : { defaultValue: selected })}
    >
      <Primitive.List
        ref={row}
        aria-label={label}
        className={classes(
          'relative flex gap-1 overflow-x-auto border-line border-b',
          // Content fades at an edge where it continues.
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
        // A panel's contents are in the Tab order; the panel is not, because focusing it would scroll its title away.
        <Primitive.Panel key={tab.value} value={tab.value} tabIndex={-1} className="pt-6 outline-none">
          {tab.panel}
        </Primitive.Panel>
      ))}
    </Primitive.Root>
  )
}

/** A row that can be wider than its page: scrolls the selected tab into view, and reports which sides have more. */
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
    // It also reports the initial size of the row.
    const observer = new ResizeObserver(() => {
      const tab = current.querySelector<HTMLElement>('[role="tab"][aria-selected="true"]')
      // Scrolls only the row, not the page.
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
