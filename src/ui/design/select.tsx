import { Select as Primitive } from '@base-ui/react/select'
import { Check, ChevronsUpDown } from 'lucide-react'
import type { ReactNode } from 'react'
import { classes } from './class-names.ts'
import { controlClass, FieldFrame } from './field.tsx'
import { popupClass } from './popup.ts'

export interface Choice<T extends string | number | null> {
  readonly value: T
  readonly label: string
  readonly icon?: ReactNode
}

interface Props<T extends string | number | null> {
  label: string
  /** Only screen readers get the label, because the context shows it. */
  bare?: boolean
  value: T
  choices: readonly Choice<T>[]
  onChange(value: NoInfer<T>): void
  error?: string | undefined
  note?: string
  disabled?: boolean
  className?: string
}

/** A choice of a few values. */
export function Select<T extends string | number | null>(props: Props<T>) {
  const { label, bare, value, choices, onChange, error, note, disabled, className } = props
  const control = (
    <Primitive.Root
      items={choices as Choice<T>[]}
      value={value}
      disabled={disabled ?? false}
      onValueChange={(next) => onChange(next as T)}
    >
      <Primitive.Trigger
        aria-label={bare ? label : undefined}
        className={classes(
          controlClass,
          'flex items-center justify-between gap-2 text-left',
          bare ? 'h-8 px-2.5 text-sm' : 'h-10',
          bare && className,
        )}
      >
        <Primitive.Value className="truncate" />
        <Primitive.Icon className="text-ink-faint">
          <ChevronsUpDown size={14} aria-hidden="true" />
        </Primitive.Icon>
      </Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-60 outline-none">
          <Primitive.Popup
            className={classes(popupClass, 'max-h-(--available-height) min-w-(--anchor-width) overflow-auto')}
          >
            <Primitive.List>
              {choices.map((choice) => (
                <Primitive.Item
                  key={String(choice.value)}
                  value={choice.value}
                  className="grid cursor-default select-none grid-cols-[1fr_1rem] items-center gap-3 rounded-sm px-2.5 py-2 text-base outline-none data-highlighted:bg-hover"
                >
                  <Primitive.ItemText className="flex items-center gap-2">
                    {choice.icon}
                    {choice.label}
                  </Primitive.ItemText>
                  <Primitive.ItemIndicator className="text-pine-ink">
                    <Check size={16} aria-hidden="true" />
                  </Primitive.ItemIndicator>
                </Primitive.Item>
              ))}
            </Primitive.List>
          </Primitive.Popup>
        </Primitive.Positioner>
      </Primitive.Portal>
    </Primitive.Root>
  )
  if (bare) return control
  return (
    <FieldFrame label={label} error={error} note={note} className={className}>
      {control}
    </FieldFrame>
  )
}
