import { classes } from '../../../ui/design/class-names.ts'
import { controlClass } from '../../../ui/design/field.tsx'

interface Props {
  label: string
  value: string
  onChange(text: string): void
  placeholder?: string
  narrow?: boolean
}

/** A number at the end of a line that names its person. */
export const AmountField = ({ label, value, onChange, placeholder = '0', narrow }: Props) => (
  <input
    aria-label={label}
    inputMode="decimal"
    autoComplete="off"
    placeholder={placeholder}
    value={value}
    onChange={(event) => onChange(event.target.value)}
    className={classes(controlClass, 'h-9 shrink-0 text-right', narrow ? 'w-16' : 'w-28')}
    style={{ width: narrow ? '4rem' : '7rem' }}
  />
)
