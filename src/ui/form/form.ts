import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Issue } from '../../core/declare/errors.ts'
import type { AnyOperation, Output } from '../../core/declare/operation.ts'
import { newUuid } from '../../core/declare/uuid.ts'
import { CallError, call, type InputOf } from '../call.ts'
import { language } from '../i18n.ts'
import { useFirstBase } from '../live/hooks.tsx'
import { type Bound, limitsOf } from './bound.ts'
import { issueText } from './issue-text.ts'
import { numberIn, numberText } from './number.ts'
import { inputToSend, type Overlap, overlapsIn, type Question, seenBase } from './overlap.ts'

type Input = Record<string, unknown>
type Errors = Readonly<Record<string, string>>
type Told = Pick<Issue, 'path' | 'message'>

/** The field of the operation for a value of the form; it must be named unless both have the same name. */
type FieldOf<Op extends AnyOperation, K> = K extends keyof InputOf<Op>
  ? [field?: keyof InputOf<Op> & string]
  : [field: keyof InputOf<Op> & string]

export interface Form<Op extends AnyOperation, V extends object> {
  readonly values: V
  /** The initial values of the form. */
  readonly opened: V
  /** Sets a value, or computes it from the value before, and clears its error. */
  set<K extends keyof V>(key: K, value: V[K] | ((before: V[K]) => V[K])): void
  /**
   * The properties of the component for a value: `<TextField label={…} {...form.bind('name')} />`. A value whose field
   * in the operation has another name gives that too: `form.bind('weight', 'weight_grams')`.
   */
  bind<K extends keyof V & string>(key: K, ...field: FieldOf<Op, K>): Bound<V[K]>
  /** The error of a field, once it has been submitted. */
  error(field: keyof InputOf<Op> & string): string | undefined
  /** The errors of all fields. `Trouble` shows those that no field shows. */
  readonly fieldErrors: readonly string[]
  /** The error of the whole form. */
  readonly trouble: string | null
  /** The refusal, for callers that need its details. */
  readonly refusal: CallError | null
  /** What others have changed since the form was opened, and this form would overwrite. */
  readonly overlaps: readonly Overlap[]
  /** Whether to keep the other person's value. */
  isTheirs(overlap: Overlap): boolean
  decide(overlap: Overlap, theirs: boolean): void
  readonly busy: boolean
  /**
   * Validates with the operation's own schema, calls it and returns its answer; null if something is wrong. A form that
   * updates gives its input as a function of its values, or both its current and its initial input: unchanged fields
   * are then not sent.
   */
  submit(input: InputOf<Op> | ((values: V) => InputOf<Op>), first?: InputOf<Op>): Promise<Output<Op> | null>
}

/**
 * A form for an operation: validates with the server's schema and never loses typed input. The operation can depend on
 * the values.
 */
export function useForm<Op extends AnyOperation, V extends object>(
  of: Op | ((values: V) => Op),
  initial: V,
): Form<Op, V> {
  const { t } = useTranslation()
  const [values, setValues] = useState(initial)
  const [errors, setErrors] = useState<Errors>({})
  const [refusal, setRefusal] = useState<CallError | null>(null)
  const [theirs, setTheirs] = useState<readonly string[]>([])
  const [busy, setBusy] = useState(false)
  const [opened] = useState(initial)
  const firstBase = useFirstBase()
  const last = useRef({ sent: '', commit: '' })
  const refusals = useShowRefusals()
  const question = useRef<Question | null>(null)
  const operation = typeof of === 'function' ? of(values) : of
  const overlaps = overlapsIn(refusal)

  function write<K extends keyof V>(key: K, value: V[K] | ((before: V[K]) => V[K]), field: string) {
    const from = typeof value === 'function' ? (value as (before: V[K]) => V[K]) : () => value
    setValues((before) => ({ ...before, [key]: from(before[key]) }))
    setErrors(({ [field]: _, ...others }) => others)
  }

  return {
    values,
    opened,
    set: (key, value) => write(key, value, String(key)),
    bind<K extends keyof V & string>(key: K, ...[named]: FieldOf<Op, K>) {
      const field: string = named ?? key
      const value = values[key]
      return {
        error: errors[field],
        onChange: (next: V[K]) => write(key, next, field),
        ...(typeof value === 'boolean' ? { checked: value } : { value, ...limitsOf(operation, field) }),
      } as unknown as Bound<V[K]>
    },
    error: (field) => errors[field],
    fieldErrors: Object.values(errors),
    refusal,
    trouble: refusal && !refusal.issues.length && !overlaps.length ? troubleOf(refusal, t) : null,
    busy,
    overlaps,
    isTheirs: ({ field }) => theirs.includes(field),
    decide(overlap, isTheirs) {
      // Fields that belong together are decided together.
      const fields = overlaps
        .filter(({ inputs }) => inputs.some((input) => overlap.inputs.includes(input)))
        .map(({ field }) => field)
      setTheirs((before) => [...before.filter((one) => !fields.includes(one)), ...(isTheirs ? fields : [])])
    },
    async submit(given, was) {
      const refused = refusals()
      const inputOf = typeof given === 'function' ? (given as (values: V) => InputOf<Op>) : null
      const whole = (inputOf ? inputOf(values) : given) as Input
      const first = (inputOf ? inputOf(opened) : was) as Input | undefined
      const leftTo = overlaps.filter(({ field }) => theirs.includes(field))
      const isUpdate = operation.effect === 'update' && first
      const input = isUpdate ? inputToSend(operation, whole, first, leftTo, question.current) : whole
      const base = firstBase(input)
      setRefusal(null)
      setTheirs([])
      const checked = operation.input.safeParse(input, { reportInput: true })
      if (!checked.success) {
        setErrors(
          byField(checked.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issueText(issue) }))),
        )
        refused()
        return null
      }
      setErrors({})
      setBusy(true)
      try {
        const sent = JSON.stringify([operation.name, input])
        // Nobody knows whether an unanswered write was done, so the retry has the same id.
        if (last.current.sent !== sent) last.current = { sent, commit: newUuid() }
        const { commit } = last.current
        const particulars = { commit, base: base && seenBase(base, input, question.current) }
        const answer = await call(operation, input as InputOf<Op>, particulars)
        last.current = { sent: '', commit: '' }
        return answer
      } catch (error) {
        const reason =
          error instanceof CallError ? error : new CallError({ code: 'bug', message: t('error.unexpected') })
        if (reason.code !== 'unreachable') last.current = { sent: '', commit: '' }
        if (overlapsIn(reason).length) question.current = { whole, sent: input, seq: reason.details.seq as number }
        setErrors(byField(reason.issues))
        setRefusal(reason)
        refused()
        return null
      } finally {
        setBusy(false)
      }
    },
  }
}

/** The first message for each field, in the order of the schema. */
function byField(issues: readonly Told[]): Errors {
  const found: Record<string, string> = {}
  for (const { path, message } of issues) found[path.split('.')[0] ?? ''] ??= message
  return found
}

/** Scrolls to the first error: in a long form it can be far from the pressed button. */
function useShowRefusals(): () => () => void {
  const [shown, setShown] = useState<{ form: Element | null | undefined }>({ form: null })
  useEffect(() => {
    const first = shown.form?.querySelector<HTMLElement>('[role="alert"]:not(:empty), [aria-invalid="true"]')
    if (!first) return
    first.scrollIntoView({ block: 'center' })
    // Moves the focus, so that screen readers announce where to go on.
    const control = first.matches('[role="alert"]') ? first.querySelector('input') : first
    control?.focus({ preventScroll: true })
  }, [shown])
  return () => {
    // Once the form is busy, its button has lost the focus.
    const form = document.activeElement?.closest('form')
    return () => setShown({ form })
  }
}

const troubleOf = (refused: CallError, t: (key: string) => string): string =>
  refused.code === 'unreachable' ? t('error.unreachable') : refused.message

/** The value of a text field for the server: empty becomes null. */
export const textOrNull = (text: string): string | null => (text.trim() === '' ? null : text.trim())

/** The value of a number field; an invalid number stays NaN, so that the schema refuses it. */
export const numberOrNull = (text: string): number | null => (text.trim() === '' ? null : numberIn(text, language()))

/** A number as the text of its field; empty if there is none. */
export const numberField = (value: number | null | undefined): string =>
  value === null || value === undefined ? '' : numberText(value, language())
