import { Tabs as Primitive } from '@base-ui/react/tabs'
import type { ReactNode } from 'react'

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
  return (
    <Primitive.Root
      {...(onChange ? { value: known, onValueChange: (next) => onChange(String(next)) } : { defaultValue: known })}
    >
      <Primitive.List aria-label={label} className="relative flex gap-1 overflow-x-auto border-line border-b">
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
        <Primitive.Panel key={tab.value} value={tab.value} className="pt-6 outline-none">
          {tab.panel}
        </Primitive.Panel>
      ))}
    </Primitive.Root>
  )
}
