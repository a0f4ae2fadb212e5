import { Toggle } from '@base-ui/react/toggle'
import { ToggleGroup } from '@base-ui/react/toggle-group'

interface Props<T extends string> {
  label: string
  value: T
  choices: readonly { value: T; label: string }[]
  onChange(value: NoInfer<T>): void
}

/** A choice of one, with all options visible, as many side by side as fit. */
export function Pick<T extends string>({ label, value, choices, onChange }: Props<T>) {
  return (
    <ToggleGroup
      aria-label={label}
      value={[value]}
      onValueChange={(next) => next[0] && onChange(next[0] as T)}
      className="flex flex-wrap gap-2"
    >
      {choices.map((choice) => (
        <Toggle
          key={choice.value}
          value={choice.value}
          className="h-9 rounded-full border border-line bg-surface px-3.5 font-medium text-base text-ink-soft transition-colors duration-(--fast) hover:border-line-strong hover:text-ink data-pressed:border-pine data-pressed:bg-pine data-pressed:text-on-pine"
        >
          {choice.label}
        </Toggle>
      ))}
    </ToggleGroup>
  )
}
