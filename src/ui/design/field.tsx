import { Field } from '@base-ui/react/field'
import type { ComponentProps, ReactNode } from 'react'
import { classes } from './class-names.ts'

export const controlClass =
  'w-full min-w-0 rounded-md border border-line bg-surface px-3 text-base text-ink transition-[border-color,box-shadow] duration-(--fast) hover:border-line-strong focus:border-pine-ink focus:outline-none focus:ring-3 focus:ring-pine-ink/20 aria-invalid:border-signal-ink aria-invalid:focus:ring-signal/25 disabled:opacity-60'

interface FrameProps {
  label: string
  /** The error of the input. */
  error?: string | undefined
  /** A note to read before typing. */
  note?: ReactNode
  /** Marks an optional field. */
  hint?: string | undefined
  className?: string | undefined
  children: ReactNode
}

/** A label, a control, and below it the error or the note. */
export function FieldFrame({ label, error, note, hint, className, children }: FrameProps) {
  return (
    <Field.Root invalid={Boolean(error)} className={classes('flex min-w-0 flex-col gap-1.5', className)}>
      <Field.Label className="flex items-baseline justify-between gap-2 font-medium text-ink text-sm">
        {label}
        {hint && <span className="font-normal text-ink-faint text-xs">{hint}</span>}
      </Field.Label>
      {children}
      {note && !error && <Field.Description className="text-ink-faint text-xs">{note}</Field.Description>}
      <Field.Error match={Boolean(error)} className="text-signal-ink text-sm first-letter:uppercase" role="alert">
        {error}
      </Field.Error>
    </Field.Root>
  )
}

interface Written {
  value: string
  onChange(text: string): void
}

type Props<Of extends 'input' | 'textarea'> = Omit<FrameProps, 'children'> &
  Written &
  Omit<ComponentProps<Of>, keyof Written>

export function TextField({ label, error, note, hint, className, onChange, ...rest }: Props<'input'>) {
  return (
    <FieldFrame {...{ label, error, note, hint, className }}>
      <Field.Control
        {...rest}
        onChange={(event) => onChange(event.target.value)}
        className={classes(controlClass, 'h-10')}
      />
    </FieldFrame>
  )
}

export function TextArea({ label, error, note, hint, className, onChange, ...rest }: Props<'textarea'>) {
  return (
    <FieldFrame {...{ label, error, note, hint, className }}>
      <Field.Control
        render={<textarea rows={3} {...rest} onChange={(event) => onChange(event.target.value)} />}
        className={classes(controlClass, 'min-h-20 py-2')}
      />
    </FieldFrame>
  )
}

type LineProps = Pick<FrameProps, 'label' | 'error'> & Props<'input'>

/** A text field in a line of others: only screen readers get its label, and the line shows its error. */
export function LineField({ label, error, className, onChange, ...rest }: LineProps) {
  return (
    <input
      {...rest}
      aria-label={label}
      aria-invalid={error ? true : undefined}
      onChange={(event) => onChange(event.target.value)}
      className={classes(controlClass, className)}
    />
  )
}
