import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AnyOperation, Output } from '../../core/declare/operation.ts'
import { newUuid } from '../../core/declare/uuid.ts'
import { messageOfIssue } from '../../core/declare/wording.ts'
import { CallError, call, type InputOf } from '../call.ts'
import { useFirstBase } from '../live/hooks.tsx'
import { textOf } from '../message.ts'
import { changedOf, type Overlap, overlapsIn } from './overlap.ts'

type Values = Record<string, unknown>
type Input = Record<string, unknown>

interface Form<Op extends AnyOperation, V extends Values> {
  readonly values: V
  /** The initial values of the form. */
  readonly opened: V
  set<K extends keyof V>(key: K, value: V[K]): void
  /** The error of a field, once it has been submitted. */
  error(field: string): string | undefined
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

/** The first message for each field, in the order of the schema. */
function byField(issues: readonly { path: string; message: string }[]): Record<string, string> {
  const found: Record<string, string> = {}
  for (const { path, message } of issues) found[path.split('.')[0] ?? ''] ??= message
  return found
}

/** A form for an operation: validates with the server's schema and never loses typed input. */
export function useForm<Op extends AnyOperation, V extends Values>(operation: Op, initial: V): Form<Op, V> {
  const { t } = useTranslation()
  const [values, setValues] = useState(initial)
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [refusal, setRefusal] = useState<CallError | null>(null)
  const [theirs, setTheirs] = useState<readonly string[]>([])
  const [busy, setBusy] = useState(false)
  const [opened] = useState(initial)
  const firstBase = useFirstBase()
  const last = useRef({ sent: '', commit: '' })
  const refusals = useShowRefusals()
  /** The form when it last asked what to keep, the part of it that was sent, and the base it was compared with. */
  const asked = useRef<{ whole: Input; sent: Input; seq: number } | null>(null)

  /** The input to send: the changed fields, without those the person leaves to others. */
  function sendable(input: Input, was: Input | undefined): Input {
    if (operation.effect !== 'update' || !was) return input
    const leftTo = overlapsIn(refusal).filter(({ field }) => theirs.includes(field))
    const left = new Set(leftTo.flatMap(({ inputs }) => inputs))
    // Text typed after that choice is what the person wants.
    const isLeft = (key: string) =>
      left.has(key) && JSON.stringify(input[key]) === JSON.stringify(asked.current?.whole[key])
    const kept = Object.fromEntries(Object.entries(input).filter(([key]) => !isLeft(key)))
    const isNeeded = (key: string) => !operation.input.shape[key]?.safeParse(undefined).success
    // Required fields that are left to others are sent with the others' values.
    const asTheirs = leftTo.flatMap(({ inputs, is }) =>
      inputs.filter((key) => isNeeded(key) && !(key in kept)).map((key) => [key, is] as const),
    )
    return { ...changedOf(kept, was, isNeeded), ...Object.fromEntries(asTheirs) }
  }

  /** Fields of the last question have been seen. A field changed only after that is compared from the start. */
  function seenBase(base: string, input: Input): string {
    const seen = asked.current
    return seen && Object.keys(input).every((key) => key in seen.sent) ? base.replace(/^\d+/, String(seen.seq)) : base
  }

  return {
    values,
    opened,
    set(key, value) {
      setValues((before) => ({ ...before, [key]: value }))
      setErrors(({ [key as string]: _, ...others }) => others)
    },
    error: (field) => errors[field],
    refusal,
    trouble: refusal && !refusal.issues.length && !overlapsIn(refusal).length ? troubleOf(refusal, t) : null,
    busy,
    overlaps: overlapsIn(refusal),
    isTheirs: ({ field }) => theirs.includes(field),
    decide(overlap, isTheirs) {
      // Fields that belong together are decided together.
      const fields = overlapsIn(refusal)
        .filter(({ inputs }) => inputs.some((input) => overlap.inputs.includes(input)))
        .map(({ field }) => field)
      setTheirs((before) => [...before.filter((one) => !fields.includes(one)), ...(isTheirs ? fields : [])])
    },
    async submit(given, was) {
      const refused = refusals()
      const inputOf = typeof given === 'function' ? (given as (values: V) => InputOf<Op>) : null
      const whole = (inputOf ? inputOf(values) : given) as Input
      const input = sendable(whole, (inputOf ? inputOf(opened) : was) as Input | undefined) as InputOf<Op>
      const base = firstBase(input as object)
      setRefusal(null)
      setTheirs([])
      const checked = operation.input.safeParse(input, { reportInput: true })
      if (!checked.success) {
        setErrors(
          byField(
            checked.error.issues.map((issue) => ({
              path: issue.path.join('.'),
              message:
                issue.code !== 'invalid_type'
                  ? textOf(messageOfIssue(issue))
                  : t(Number.isNaN((input as Input)[String(issue.path[0])]) ? 'form.noNumber' : 'form.required'),
            })),
          ),
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
        const answer = await call(operation, input, { commit, base: base && seenBase(base, input as Input) })
        last.current = { sent: '', commit: '' }
        return answer
      } catch (error) {
        const reason =
          error instanceof CallError ? error : new CallError({ code: 'bug', message: t('error.unexpected') })
        if (reason.code !== 'unreachable') last.current = { sent: '', commit: '' }
        if (overlapsIn(reason).length) {
          asked.current = { whole, sent: input as Input, seq: reason.details.seq as number }
        }
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
export const numberOrNull = (text: string): number | null =>
  text.trim() === '' ? null : Number(text.trim().replace(',', '.'))
