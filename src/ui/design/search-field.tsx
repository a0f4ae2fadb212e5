import { Search } from 'lucide-react'
import { classes } from './class-names.ts'
import { controlClass } from './field.tsx'

interface Props {
  label: string
  value: string
  onChange(value: string): void
  className?: string
}

/** A field that filters a list while typing. */
export function SearchField({ label, value, onChange, className }: Props) {
  return (
    <div className="relative">
      <Search
        size={16}
        aria-hidden="true"
        className="-translate-y-1/2 pointer-events-none absolute top-1/2 left-3 text-ink-faint"
      />
      <input
        type="search"
        aria-label={label}
        placeholder={label}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className={classes(controlClass, 'pl-9', className)}
      />
    </div>
  )
}
