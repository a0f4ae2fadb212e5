import { Toggle } from '@base-ui/react/toggle'
import { ToggleGroup } from '@base-ui/react/toggle-group'
import type { ReactNode } from 'react'

interface Props<T extends string> {
  label: string
  value: T
  choices: readonly { value: T; label: string; icon?: ReactNode }[]
  onChange(value: NoInfer<T>): void
}

/** A choice of very few values, all visible. */
export function Segmented<T extends string>({ label, value, choices, onChange }: Props<T>) {
  return (
    <ToggleGroup
      aria-label={label}
      value={[value]}
      onValueChange={(next) => next[0] && onChange(next[0] as T)}
      className="inline-flex self-start rounded-md border border-line bg-sunken p-0.5"
    >
      {choices.map((choice) => (
        <Toggle
          key={choice.value}
          value={choice.value}
          className="inline-flex h-8 items-center gap-1.5 rounded-sm px-3 font-medium text-ink-soft text-sm transition-colors duration-(--fast) hover:text-ink data-pressed:bg-surface data-pressed:text-ink data-pressed:shadow-lift"
        >
          {choice.icon}
          {choice.label}
        </Toggle>
      ))}
    </ToggleGroup>
  )
}
