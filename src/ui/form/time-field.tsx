import { TextField } from '../design/field.tsx'
import { timeOf } from './time.ts'

interface Props {
  label: string
  value: string
  error?: string | undefined
  onChange(value: string): void
  /** Called when the field loses focus, with its value. */
  onLeave?: (value: string) => void
}

/** A time of day on the 24-hour clock; "930" becomes 09:30 when the field loses focus. */
export function TimeField({ label, value, error, onChange, onLeave }: Props) {
  return (
    <TextField
      label={label}
      value={value}
      error={error}
      inputMode="numeric"
      autoComplete="off"
      placeholder="09:30"
      maxLength={8}
      onChange={onChange}
      onBlur={(event) => {
        const text = event.target.value
        const time = timeOf(text) ?? text
        if (time !== text) onChange(time)
        onLeave?.(time)
      }}
    />
  )
}
