import { Checkbox as Primitive } from '@base-ui/react/checkbox'
import { Check, Minus } from 'lucide-react'
import { classes } from './class-names.ts'

interface Props {
  label: string
  /** Only screen readers get the label. */
  bare?: boolean
  checked: boolean
  /** Some of the items it stands for are ticked, but not all. */
  partly?: boolean
  onChange(checked: boolean): void
  name?: string
  disabled?: boolean
  className?: string
}

export function Checkbox({ label, bare, checked, partly, onChange, name, disabled, className }: Props) {
  const box = (
    <Primitive.Root
      checked={checked}
      indeterminate={partly ?? false}
      onCheckedChange={(next) => onChange(next)}
      name={name}
      disabled={disabled ?? false}
      aria-label={bare ? label : undefined}
      className={classes(
        'relative flex size-5 shrink-0 items-center justify-center rounded-sm border border-line-strong bg-surface transition-colors duration-(--fast) before:absolute before:-inset-2.5 hover:border-pine-ink data-checked:border-pine data-checked:bg-pine data-checked:text-on-pine data-indeterminate:border-pine data-indeterminate:bg-pine data-indeterminate:text-on-pine',
        className,
      )}
    >
      <Primitive.Indicator className="flex transition-[opacity,scale] duration-(--fast) data-starting-style:scale-50 data-starting-style:opacity-0">
        {partly ? (
          <Minus size={14} strokeWidth={3} aria-hidden="true" />
        ) : (
          <Check size={14} strokeWidth={3} aria-hidden="true" />
        )}
      </Primitive.Indicator>
    </Primitive.Root>
  )
  if (bare) return box
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the checkbox inside renders the input
    <label className="flex items-center gap-2.5 text-base">
      {box}
      {label}
    </label>
  )
}
